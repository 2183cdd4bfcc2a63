import { asText } from '#base/json-value.ts';
import type { ResourceObservation } from '../finding/observation.ts';

/** A project of Google Cloud is called by its number in names of the resource manager, by its id in most others. */
export interface GoogleProject {
  readonly number: string;
  readonly id: string;
}

const FULL_NAME = '//cloudresourcemanager.googleapis.com/projects/';

/** Both names of a project, where its description tells both; null for anything else. */
export function googleProject({
  type,
  facts,
}: Pick<ResourceObservation, 'type' | 'facts'>): GoogleProject | null {
  if (type !== 'gcp-project') return null;
  const number = asText(facts['projectNumber']) ?? '';
  const id = asText(facts['projectId']) ?? '';
  return /^\d{1,20}$/.test(number) && /^[a-z][a-z0-9.:-]{1,60}$/.test(id) ? { number, id } : null;
}

/** The full name of a project by its number or its id. */
export function projectFullName(project: string): string {
  return `${FULL_NAME}${project}`;
}

/** Whether a text is the full name of a project. */
export function isProjectFullName(text: string): boolean {
  return text.startsWith(FULL_NAME) && !text.slice(FULL_NAME.length).includes('/');
}
