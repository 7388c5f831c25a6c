/** What the page asks of `tuban serve`. Shapes are the API's (src/api/routes). */
import type { Boundary } from '../model/boundary.js';
import type { Box } from '../model/grid.js';
import type { ViolationCode } from '../model/patch.js';
import type { Observation, Task } from '../model/task.js';
import { ask } from './office/ask.js';

export type MappedBoundary = Omit<Boundary, 'attributes'> & { readonly mineral?: string };
export interface MapPair {
  readonly id: string;
  readonly box: Box;
  readonly beforeOn: string;
  readonly afterOn: string;
}
export interface QuarterMapData {
  readonly quarter: string;
  readonly pairs: readonly MapPair[];
  readonly boundaries: readonly MappedBoundary[];
  readonly observations: readonly Observation[];
}
export interface WorkspaceData {
  readonly title: string;
  readonly version: string;
  readonly quarters: readonly {
    readonly quarter: string;
    readonly tasks: number;
    readonly finishedAt: string | null;
  }[];
}
export interface TaskPageData {
  readonly total: number;
  readonly offset: number;
  readonly limit: number;
  readonly tasks: readonly Task[];
}
export interface TaskData {
  readonly task: Task;
  readonly box: Box | null;
  readonly boundaries: readonly MappedBoundary[];
  /** The place in public maps, with the shift of each; for a person to open. */
  readonly maps: readonly { readonly zh: string; readonly url: string }[];
  /** Where its pictures are, if not with the task. */
  readonly picturesAt?: string;
}
export interface TaskFilter {
  readonly state: Task['state'];
  readonly violation: ViolationCode | '';
  readonly text: string;
  readonly minScore: number;
}

export const PAGE_SIZE = 100;

const get = <T>(path: string, signal?: AbortSignal): Promise<T> => ask('GET', path, signal ? { signal } : {});

export const getWorkspace = () => get<WorkspaceData>('/workspace');
export const getMap = (quarter: string) => get<QuarterMapData>(`/quarters/${quarter}/map`);
export const getTask = (id: string) => get<TaskData>(`/tasks/${encodeURIComponent(id)}`);

export function getTasks(
  quarter: string,
  filter: TaskFilter,
  offset: number,
  signal: AbortSignal,
): Promise<TaskPageData> {
  const query = new URLSearchParams({ state: filter.state, offset: `${offset}`, limit: `${PAGE_SIZE}` });
  if (filter.violation !== '') query.set('violation', filter.violation);
  if (filter.text.trim() !== '') query.set('text', filter.text.trim());
  if (filter.minScore > 0) query.set('minScore', `${filter.minScore}`);
  return get(`/quarters/${quarter}/tasks?${query}`, signal);
}

/** What is looked at stands in the request's body: no address holds a place. */
export async function viewPicture(
  quarter: string,
  pair: string,
  date: 'before' | 'after',
  view: { readonly box: Box; readonly px: number },
): Promise<HTMLImageElement> {
  const response = await fetch(`./api/quarters/${quarter}/pairs/${encodeURIComponent(pair)}/${date}.png`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-tuban': '1' },
    body: JSON.stringify(view),
  });
  if (!response.ok) throw new Error(`${response.status}`);
  const address = URL.createObjectURL(await response.blob());
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(address);
  }
}

export function taskPictureUrl({ task, picturesAt }: TaskData, date: 'before' | 'after'): string {
  return `./api${picturesAt ?? `/tasks/${encodeURIComponent(task.id)}`}/${date}.png`;
}
