import { expect, it } from 'vitest';
import type { Scene, SceneFile } from '../../model/scene.js';
import type { SceneFiles } from '../../ports/scene-files.js';
import { verifyScene } from './stage.js';

const file = (path: string): SceneFile => ({ path, sha256: 'ab', bytes: 1, modifiedMs: 1 });
const scene = { id: 'S1', files: [file('/a.tif'), file('/云.tif')] } as unknown as Scene;
const files = (states: Record<string, 'missing' | 'changed'>): SceneFiles => ({
  digest: async (path) => file(path),
  state: async ({ path }) => states[path] ?? 'same',
  expand: async () => [],
});

it('passes a scene whose image and masks are as registered', async () => {
  await expect(verifyScene(scene, files({}))).resolves.toBeUndefined();
});

it('names the scene and the file that is gone or changed, masks included', async () => {
  await expect(verifyScene(scene, files({ '/云.tif': 'missing' }))).rejects.toMatchObject({
    code: 'scene.gone',
    message: expect.stringMatching(/S1.*\/云\.tif/),
  });
  await expect(verifyScene(scene, files({ '/a.tif': 'changed' }))).rejects.toMatchObject({ code: 'scene.changed' });
});
