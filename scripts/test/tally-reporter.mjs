/**
 * Counts for the last line of `npm test`: what passed, what failed, what was skipped and why. Written as JSON
 * to the path in TUBAN_TALLY when all has run.
 */
import { writeFileSync } from 'node:fs';

export default class Tally {
  onTestRunEnd(modules, unhandledErrors) {
    const tally = { passed: 0, failed: [], skipped: [], files: modules.length };
    for (const module of modules) {
      const file = module.relativeModuleId ?? module.moduleId;
      for (const error of module.errors()) tally.failed.push({ name: file, why: error.message });
      for (const suite of module.children.allSuites()) {
        for (const error of suite.errors())
          tally.failed.push({ name: `${file} > ${suite.fullName}`, why: error.message });
      }
      for (const test of module.children.allTests()) count(tally, `${file} > ${test.fullName}`, test.result());
    }
    for (const error of unhandledErrors) tally.failed.push({ name: 'outside any test', why: error.message });
    writeFileSync(process.env.TUBAN_TALLY, JSON.stringify(tally));
  }
}

function count(tally, name, result) {
  if (result.state === 'passed') tally.passed++;
  else if (result.state === 'failed') tally.failed.push({ name, why: result.errors?.[0]?.message ?? 'no message' });
  else tally.skipped.push({ name, why: result.note ?? 'no reason given' });
}
