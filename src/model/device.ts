/** Device: what a request came from, as the record names it. */

/** Browser and system, short, for the record; never more than the page needs to tell two devices apart. */
export function deviceOf(userAgent: string | undefined): string {
  const agent = userAgent ?? '';
  const browser =
    [
      ['Edg', /\bEdg(e|A|iOS)?\//],
      ['WeChat', /MicroMessenger\//],
      ['Firefox', /\b(Firefox|FxiOS)\//],
      ['Chrome', /\b(Chrome|CriOS|Chromium)\//],
      ['Safari', /\bSafari\//],
    ].find(([, pattern]) => (pattern as RegExp).test(agent))?.[0] ?? 'program';
  const system =
    [
      ['Android', /Android/],
      ['HarmonyOS', /HarmonyOS|OpenHarmony/],
      ['iOS', /iPhone|iPad/],
      ['Windows', /Windows/],
      ['macOS', /Mac OS X/],
      ['Linux', /Linux/],
    ].find(([, pattern]) => (pattern as RegExp).test(agent))?.[0] ?? 'other';
  return `${browser}/${system}`;
}
