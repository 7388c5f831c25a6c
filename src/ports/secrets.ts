/** What sign-in needs of cryptography. */

export interface SecretHashes {
  passwordHash(password: string): Promise<string>;
  /** `stored` null: no such person; takes as long as for a real one. */
  passwordFits(stored: string | null, password: string): Promise<boolean>;
  /** Of a secret that was made at random. */
  fingerprint(secret: string): string;
  /** At random, for programs. */
  secret(bytes: number): string;
  /** At random, for people to type: letters and digits in groups of four, 5 bits each. */
  readable(characters: number): string;
}

export interface OneTimeCodes {
  newSecret(): string;
  /** For the app's picture code. */
  uri(secret: string, login: string): string;
  /** Number of the 30-second step that the code belongs to; null = wrong. `at`: UTC, ISO 8601. */
  stepOf(secret: string, code: string, at: string): number | null;
}

export interface Cipher {
  /** `owner` binds the text to whose it is. */
  encrypt(text: string, owner: string): string;
  /** Fault secrets.key. */
  decrypt(sealed: string, owner: string): string;
}
