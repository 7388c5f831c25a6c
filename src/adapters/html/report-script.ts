/** The report's few lines of behaviour: swipe, sort, show or hide the register's lines. Works from file://. */
export const REPORT_SCRIPT = `
for (const figure of document.querySelectorAll('.swipe')) {
  const input = figure.querySelector('input');
  const set = () => figure.style.setProperty('--x', input.value + '%');
  input.addEventListener('input', set);
  set();
}
document.getElementById('lines')?.addEventListener('change', (event) => {
  document.body.classList.toggle('hide-lines', !event.target.checked);
});
const body = document.querySelector('tbody');
for (const head of document.querySelectorAll('th[data-sort]')) {
  head.querySelector('button').addEventListener('click', () => {
    const column = [...head.parentNode.children].indexOf(head);
    const down = head.getAttribute('aria-sort') === 'ascending';
    for (const other of head.parentNode.children) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    const value = (row) => row.children[column].dataset.value ?? row.children[column].textContent;
    const numeric = head.dataset.sort === 'number';
    const rows = [...body.rows].sort((a, b) =>
      numeric ? value(a) - value(b) : value(a).localeCompare(value(b), 'zh'));
    if (down) rows.reverse();
    body.append(...rows);
  });
}
`;
