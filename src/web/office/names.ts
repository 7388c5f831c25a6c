/** Names of people, teams and areas, asked for once; ids where a name is not known. */
import { reactive } from 'vue';
import { ask } from './ask.js';
import type { Area, PersonEntry, Team } from './data.js';

export const names = reactive<{ people: PersonEntry[]; teams: Team[]; areas: Area[] }>({
  people: [],
  teams: [],
  areas: [],
});

let asked: Promise<void> | null = null;

export function learnNames(): Promise<void> {
  asked ??= relearnNames().catch((error: unknown) => {
    asked = null;
    throw error;
  });
  return asked;
}

export async function relearnNames(): Promise<void> {
  const [{ people }, { teams }, { areas }] = await Promise.all([
    ask<{ people: PersonEntry[] }>('GET', '/people'),
    ask<{ teams: Team[] }>('GET', '/teams'),
    ask<{ areas: Area[] }>('GET', '/areas'),
  ]);
  Object.assign(names, { people, teams, areas });
}

export function forgetNames(): void {
  asked = null;
  Object.assign(names, { people: [], teams: [], areas: [] });
}

export const personName = (id: string | null): string =>
  id === null ? '系统' : (names.people.find((one) => one.id === id)?.name ?? id);
export const teamName = (id: string): string => names.teams.find((one) => one.id === id)?.name ?? id;
export const areaName = (id: string | null): string =>
  id === null ? '全域' : (names.areas.find((one) => one.id === id)?.name ?? id);
