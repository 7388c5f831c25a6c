/** Entry of a forked raster child: answers one request after the other and ends with its parent. */
import type { Reply, Request } from '../src/adapters/pool/messages.js';
import { handlers } from '../src/app-child.js';
import { Fault, faultRecord } from '../src/model/fault.js';

process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);

process.on('message', (message) => {
  void answer(message as Request).then((reply) => process.send?.(reply));
});

async function answer(request: Request): Promise<Reply> {
  try {
    const handler = handlers[request.name];
    if (!handler) throw new Fault('pool.unknown-work', `unknown work “${request.name}”`, { blame: 'system' });
    return { id: request.id, ok: true, output: await handler(request.input) };
  } catch (error) {
    return { id: request.id, ok: false, fault: faultRecord(error) };
  }
}
