/** The polygons of a kind that may leave in a file: secret areas only where they are asked for, which is said either way. */
import { createLayerRegister } from '../adapters/postgres/layer-register.js';
import type { Boundary, BoundaryKind } from '../model/boundary.js';
import { isSecret } from '../model/zone-kinds.js';
import type { CommandContext } from './command.js';

export interface OutgoingOptions {
  readonly withSecret?: boolean;
}

export async function outgoing(
  kind: BoundaryKind,
  { withSecret = false }: OutgoingOptions,
  context: CommandContext,
): Promise<readonly Boundary[]> {
  const { database } = await context.workspace();
  const all = await createLayerRegister(database).boundaries(kind);
  const secret = all.filter(isSecret).length;
  if (secret > 0) {
    context.session.err(
      `  ${withSecret ? '注意：含' : '未包括'}涉密区域 ${secret} 个 (secret areas ${withSecret ? 'are in the file' : 'were left out'})\n`,
    );
  }
  return withSecret ? all : all.filter((boundary) => !isSecret(boundary));
}
