/** What the flow is told by the workspace: levels of review, leases, working days. */
import type { ReviewLevel } from './person.js';
import type { QueueSettings } from './queue-settings.js';
import type { DueDay } from './working-days.js';

/** Until when a step is due that was received on a day, which is not counted. */
export type DeadlineFor = (step: {
  readonly step: 'field' | ReviewLevel;
  readonly key: boolean;
  readonly returned: boolean;
  readonly receivedOn: string;
}) => DueDay;

export interface FlowRules {
  readonly settings: Pick<QueueSettings, 'levels' | 'keyLevels' | 'lease'>;
  readonly deadlineFor: DeadlineFor;
}
