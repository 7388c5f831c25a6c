/** child: runs jobs that its parent sends, one after the other, each in files of its own. */
import { runJob } from './scene-runs.mjs';

process.on('message', async ({ job, wantPicture }) => {
  try {
    const { picture, ...figures } = await runJob(job, wantPicture);
    process.send({ figures, picture: picture ? picture.toString('base64') : null });
  } catch (error) {
    process.send({ figures: { failed: error.stack ?? String(error) }, picture: null });
  }
});
