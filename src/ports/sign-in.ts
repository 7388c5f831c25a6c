/**
 * Sign-in: who is behind a request. A password (and a one-time code where set up) gives a session; a program has a token. Both are random
 * secrets of which the database holds hashes only. What is refused is told in neutral words: a wrong login reads like a wrong password.
 */
import type { Actor, Member } from '../model/person.js';
import type { Right } from '../model/right.js';

export interface Origin {
  /** Network address of the request, for limits. */
  readonly address: string;
  /** Browser or program, short, as the record names it. */
  readonly device: string;
}

export interface Identity {
  readonly actor: Actor;
  readonly via: 'session' | 'token';
  /** Rights of a token; null = all that the roles give. */
  readonly scope: readonly Right[] | null;
  /** Nothing but a new password is to be accepted. */
  readonly mustChangePassword: boolean;
  /** Of the session or token itself, for signing out. */
  readonly credentialId: string;
}

export interface SignedIn {
  /** Goes into the cookie; never logged. */
  readonly secret: string;
  /** UTC: the latest end, whatever is done. */
  readonly expiresAt: string;
  readonly identity: Identity;
}

export interface Me extends Member {
  readonly phone: string | null;
  readonly email: string | null;
  readonly totp: boolean;
  readonly recoveryCodes: number;
  readonly mustChangePassword: boolean;
  readonly sessions: readonly SessionEntry[];
  readonly tokens: readonly TokenEntry[];
}

export interface SessionEntry {
  readonly id: string;
  readonly device: string;
  readonly madeAt: string;
  readonly seenAt: string;
  readonly expiresAt: string;
}

export interface TokenEntry {
  readonly id: string;
  readonly personId: string;
  readonly name: string;
  readonly scope: readonly Right[];
  readonly madeAt: string;
  readonly expiresAt: string;
  readonly lastUsedAt: string | null;
}

export interface TokenWish {
  readonly name: string;
  readonly scope: readonly Right[];
  readonly days: number;
}

/** For the sign-in page and the guard of the API. Faults: sign-in.refused, sign-in.code, sign-in.wait (details.seconds). */
export interface SignIn {
  /** False while there is no person: this machine's owner needs no sign-in. */
  required(): Promise<boolean>;
  signIn(
    wish: { readonly login: string; readonly password: string; readonly code?: string },
    origin: Origin,
  ): Promise<SignedIn>;
  /** Null: no such session or token, or it has ended. */
  bySession(secret: string): Promise<Identity | null>;
  byToken(secret: string): Promise<Identity | null>;
  signOut(identity: Identity): Promise<void>;
  /**
   * Who is signed in proves again that it is he: the session is as fresh as a new one. Limits and answers as at sign-in. Faults sign-in.by-token,
   * desk.ended, too.
   */
  renew(identity: Identity, wish: { readonly password: string; readonly code?: string }, origin: Origin): Promise<void>;
}

/**
 * Of oneself, or by an administrator of others (`person`: login or id). Passwords of others, one-time codes and new tokens need a fresh sign-in and
 * are refused to tokens (sign-in.fresh, sign-in.by-token). Faults: password.form, password.wrong, totp.code, token.form, …
 */
export interface Credentials {
  me(actor: Actor): Promise<Me>;
  changePassword(actor: Actor, wish: { readonly old: string; readonly fresh: string }): Promise<void>;
  /**
   * Null: made at random. Gives back what was made. To be changed at the next sign-in, unless the person or the console set it. Ends the
   * person's sessions.
   */
  setPassword(actor: Actor, person: string, fresh: string | null): Promise<string | null>;
  /** A new secret, not yet asked for: `confirmTotp` with a code from it turns it on and gives the recovery codes, once. */
  beginTotp(actor: Actor, person: string): Promise<{ readonly secret: string; readonly uri: string }>;
  confirmTotp(actor: Actor, person: string, code: string): Promise<readonly string[]>;
  endTotp(actor: Actor, person: string): Promise<void>;
  /** Ends all sessions; with `tokens` these, too. Gives back how many. */
  signOutEverywhere(actor: Actor, person: string, tokens: boolean): Promise<number>;
  tokens(actor: Actor, person: string | null): Promise<TokenEntry[]>;
  /** The token's text is given back once and never again. */
  addToken(
    actor: Actor,
    person: string,
    wish: TokenWish,
  ): Promise<{ readonly token: string; readonly entry: TokenEntry }>;
  revokeToken(actor: Actor, id: string): Promise<void>;
}
