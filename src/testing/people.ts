/** People of a test workspace, as the command line and the API have them. */
import { cipher } from '../adapters/passwords/cipher.js';
import { secretHashes } from '../adapters/passwords/hashes.js';
import { oneTimeCodes } from '../adapters/passwords/one-time-codes.js';
import { createDesk } from '../adapters/postgres/desk.js';
import type { Database } from '../ports/database.js';
import { createCredentials } from '../queue-credentials.js';
import { CONSOLE_ACTOR, consoleDesk, createPeople } from '../queue-people.js';
import { createSignIn, type SignInParts } from '../queue-sign-in.js';

export function peopleOf(database: Database) {
  const desk = createDesk(database);
  const key = new Uint8Array(32).fill(7);
  const hashes = secretHashes();
  const codes = oneTimeCodes('test');
  const parts: SignInParts = { database, desk, hashes, codes, cipher: cipher(() => key) };
  return {
    desk,
    parts,
    codes,
    console: CONSOLE_ACTOR,
    people: createPeople(consoleDesk(desk)),
    credentials: createCredentials(consoleDesk(desk), parts),
    signIn: createSignIn(parts),
  };
}
