/** field-name: names of fields as they are compared: without case, width of characters, blanks, underscores and brackets. */
export function normalisedName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_()\uFFFD]/g, '');
}
