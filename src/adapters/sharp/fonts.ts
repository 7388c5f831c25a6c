/** Whether the machine can draw Chinese: asked of fontconfig once. Without such a font labels are written in English. */
import { execFile } from 'node:child_process';

let known: Promise<boolean> | null = null;

export function canDrawChinese(): Promise<boolean> {
  known ??= new Promise((resolve) => {
    execFile('fc-list', [':lang=zh-cn', 'family'], { timeout: 10_000 }, (error, stdout) => {
      resolve(!error && stdout.trim() !== '');
    });
  });
  return known;
}
