/** What people need to sign in and to be cared for, over a workspace: put together once, for the command line and for `serve`. */
import { cipher } from './adapters/passwords/cipher.js';
import { secretHashes } from './adapters/passwords/hashes.js';
import { oneTimeCodes } from './adapters/passwords/one-time-codes.js';
import { createDesk } from './adapters/postgres/desk.js';
import { workspaceFolder } from './adapters/workspace/folder.js';
import { workspaceKey } from './adapters/workspace/key-file.js';
import type { Desk } from './ports/desk.js';
import type { People } from './ports/people.js';
import type { Credentials, SignIn } from './ports/sign-in.js';
import type { Workspace } from './ports/workspace.js';
import { createCredentials } from './queue-credentials.js';
import { createPeople } from './queue-people.js';
import { createSignIn, type SignInParts } from './queue-sign-in.js';

export interface QueueAccess {
  readonly people: People;
  readonly credentials: Credentials;
  readonly signIn: SignIn;
}

/** `desk`: whose turns people's are; the console's differ (queue-people.ts). */
export function queueAccess(workspace: Pick<Workspace, 'database' | 'dir' | 'title'>, desk: Desk): QueueAccess {
  const { database, dir, title } = workspace;
  const { inner } = workspaceFolder(dir);
  const parts: SignInParts = {
    database,
    desk: createDesk(database),
    hashes: secretHashes(),
    codes: oneTimeCodes(`图斑 ${title}`.replaceAll(':', ' ')),
    cipher: cipher(() => workspaceKey(inner)),
  };
  return { people: createPeople(desk), credentials: createCredentials(desk, parts), signIn: createSignIn(parts) };
}
