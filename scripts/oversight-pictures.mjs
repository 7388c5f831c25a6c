/** The last part of the walk of queue-pictures.mjs, with its tools: learning, exports, unusual reading, settings. */

/** What verdicts of earlier quarters say is made up: the demo has one quarter. */
export async function overseeing({ signedIn, shoot, go, show }, browser, address) {
  const head = await signedIn(browser, address, 'du');
  await go(head, '/exports');
  await head.waitForSelector('.exports tbody tr');
  await shoot(head, '27-exports');
  await go(head, '/reading');
  await head.waitForSelector('.readers tbody tr');
  await shoot(head, '28-reading');
  await go(head, '/learning');
  await head.waitForSelector('.weights');
  await head.fill('[name=k]', '30');
  await head.click('.head button');
  await head.waitForSelector('.charts');
  await show(head, '.charts');
  await shoot(head, '26-learning');
  const admin = await signedIn(browser, address, 'guan');
  await go(admin, '/settings');
  await admin.waitForSelector('.settings tr');
  await shoot(admin, '29-settings');
}
