/** Text as HTML: everything that comes from files or people passes here. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Chinese first, English second, each marked with its language. */
export function bilingual({ zh, en }: { readonly zh: string; readonly en: string }): string {
  return `<span lang="zh">${escapeHtml(zh)}</span> <span class="en" lang="en">${escapeHtml(en)}</span>`;
}

/** 12,345.6 with a fixed number of decimals; the same on every machine. */
export function numeral(value: number, decimals = 0): string {
  const [whole = '', fraction] = value.toFixed(decimals).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
