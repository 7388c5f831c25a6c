/** Who is signed in on this page, and what his roles let him do here. What he may do with a task, the server says of each (`may`). */
import { reactive } from 'vue';
import type { Grant, Role } from '../../model/person.js';
import { ask } from './ask.js';

export interface Me {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly grants: readonly Grant[];
  readonly teams: readonly string[];
  readonly totp: boolean;
  readonly recoveryCodes: number;
  readonly mustChangePassword: boolean;
  readonly sessions: readonly {
    readonly id: string;
    readonly device: string;
    readonly seenAt: string;
  }[];
}

interface Session {
  /** The server was asked. */
  known: boolean;
  /** There are people, so that everybody signs in. */
  required: boolean;
  me: Me | null;
  unseen: number;
}

export const session = reactive<Session>({ known: false, required: false, me: null, unseen: 0 });

export async function learnSession(): Promise<void> {
  const { required, signedIn } = await ask<{ required: boolean; signedIn: boolean }>('GET', '/sign-in');
  session.required = required;
  session.me = signedIn ? await ask<Me>('GET', '/me') : null;
  session.known = true;
  if (session.me && !session.me.mustChangePassword) await countNotices();
}

export function hasRole(...roles: readonly Role[]): boolean {
  return session.me?.grants.some(({ role }) => roles.includes(role)) ?? false;
}

/** In every area: what counts in all of them is refused to those of one. */
export function hasRoleEverywhere(...roles: readonly Role[]): boolean {
  return session.me?.grants.some(({ role, areaId }) => areaId === null && roles.includes(role)) ?? false;
}

const MOST_NOTICES = 200;

export async function countNotices(): Promise<void> {
  const { notices } = await ask<{ notices: unknown[] }>('GET', `/notices?unseen=true&limit=${MOST_NOTICES}`);
  session.unseen = notices.length;
}

export function forgetSession(): void {
  session.me = null;
  session.unseen = 0;
}
