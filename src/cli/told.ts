/** told: how what is wrong is said on stderr: a Fault with its stable code, to be searched for; a wrong use of the command line in Chinese first. */

/** The code stands at the end of the first line, before its colon: further lines are a list. */
export function faultText({ code, message }: { readonly code: string; readonly message: string }): string {
  const [first = '', ...more] = message.split('\n');
  const [, said = '', colon = ''] = /^(.*?)([:：]?)$/s.exec(first) ?? [];
  return [`${said} [${code}]${colon}`, ...more].join('\n');
}

/** What commander says, in its own words → in Chinese; the quoted part stays. */
const USES: readonly (readonly [said: RegExp, zh: string])[] = [
  [/^missing required argument '(.+)'$/, '缺少参数 $1'],
  [/^required option '(.+)' not specified$/, '须给出选项 $1'],
  [/^option '(.+)' argument missing$/, '选项 $1 后面缺少内容'],
  [/^unknown option '(.+)'$/, '没有选项 $1'],
  [/^unknown command '(.+)'$/, '没有命令 $1'],
  [/^too many arguments.*$/, '参数太多'],
  [/^option '(.+)' argument '(.*)' is invalid\. Allowed choices are (.+)\.$/, '选项 $1 不能是“$2”，应为其中之一：$3'],
  [
    /^command-argument value '(.*)' is invalid for argument '(.+)'\. Allowed choices are (.+)\.$/,
    '参数 $2 不能是“$1”，应为其中之一：$3',
  ],
  [/^option '(.+)' cannot be used with option '(.+)'$/, '选项 $1 与 $2 不能同用'],
];

/** `said` as commander would print it: `error: …`, perhaps with a suggestion below. */
export function usageText(said: string): string {
  const [first = '', ...more] = said.trimEnd().split('\n');
  const plain = first.replace(/^error: /, '');
  const use = USES.find(([form]) => form.test(plain));
  if (use === undefined) return said;
  return `${[`${plain.replace(...use)} (${plain})`, ...more].join('\n')}\n`;
}
