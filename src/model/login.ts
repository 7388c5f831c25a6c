/** Login and password: what may be one. Passwords are judged by length and by what people try first, not by kinds of characters. */
import { Fault } from './fault.js';

const LOGIN = /^[\p{L}\p{N}][\p{L}\p{N}._@-]{1,63}$/u;
export const PASSWORD_LEAST = 10;
const PASSWORD_MOST = 200;

/** Full-width letters and capitals are the same login. */
export function normalLogin(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}

/** Fault person.login. */
export function parseLogin(text: string): string {
  const login = normalLogin(text);
  if (LOGIN.test(login) && login !== 'system' && login !== 'console') return login;
  throw new Fault(
    'person.login',
    `登录名“${text.slice(0, 80)}”不能用：应为 2–64 个字母、汉字、数字或 . _ @ -，以字母、汉字或数字开头 (not a login: 2–64 letters, digits or . _ @ -, beginning with a letter or digit)`,
  );
}

/** As it is hashed: the same characters from any keyboard. */
export function normalPassword(text: string): string {
  return text.normalize('NFKC');
}

/** Ten and more characters that stand high in lists of leaked passwords, and their Chinese kin. */
const COMMON = new Set(
  `1234567890 0123456789 9876543210 0987654321 12345678910 123456789a a123456789 aa123456789 123456789q q123456789
  1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc 1qazxsw23edc qwertyuiop qwertyuiop123 qwerty12345 qwerty123456 qwer12345678 asdfghjkl123
  zxcvbnm123 zaq12wsxcde3 password12 password123 password1234 password12345 passw0rd123 p@ssw0rd123 p@ssword123 administrator
  admin12345 admin123456 admin888888 root123456 abc1234567 abcd123456 abc123456789 abcdefghij test123456 woaini1314 woaini520
  woaini1314520 5201314520 1314520520 5201314521 1234554321 1122334455 112233445566 147258369a 1472583690 3141592653
  iloveyou123 iloveyou520 welcome123 changeme123 letmein1234 tuban12345 tuban123456 tubantuban kuangchan123 zhifadadui`.split(
    /\s+/,
  ),
);

/** Fault password.form: too short, too long, common, or the login itself. */
export function parsePassword(text: string, login: string): string {
  const password = normalPassword(text);
  const why = weakness(password, login);
  if (why === null) return password;
  throw new Fault('password.form', `这个密码不能用：${why} (this password may not be used)`);
}

function weakness(password: string, login: string): string | null {
  const characters = [...password];
  if (characters.length < PASSWORD_LEAST) {
    return `至少 ${PASSWORD_LEAST} 个字符，现为 ${characters.length} 个，可用一句话 (at least ${PASSWORD_LEAST} characters; a phrase will do)`;
  }
  if (characters.length > PASSWORD_MOST) return `最多 ${PASSWORD_MOST} 个字符 (at most ${PASSWORD_MOST})`;
  const plain = password.toLowerCase();
  if (COMMON.has(plain) || new Set(characters).size < 4) return '太常见，最先被试到 (among the first that are tried)';
  if ([...plain.replaceAll(login, '')].length < 4) return '与登录名几乎相同 (hardly more than the login)';
  return null;
}
