/** A font with Chinese characters, for pictures and pages. Without one everything works, but pictures are labelled in English. */
import { execFileSync } from 'node:child_process';
import { aptInstall } from './debian.mjs';
import { which } from './run-program.mjs';
import { SetupProblem, say } from './say.mjs';

export async function ensureFont(logs) {
  if (hasChineseFont()) return;
  try {
    await aptInstall(['fontconfig', 'fonts-noto-cjk'], ['图片中的汉字', 'Chinese text in pictures'], logs);
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error;
    say(`没有中文字体，图片将用英文标注：${error.message}`, 'no Chinese font; pictures will be labelled in English');
  }
}

function hasChineseFont() {
  if (which('fc-list') === null) return false;
  return execFileSync('fc-list', [':lang=zh', 'family'], { encoding: 'utf8' }).trim() !== '';
}
