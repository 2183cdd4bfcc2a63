import { sentIds } from './id-text.ts';

const asked = new Map<string, Promise<Response>>();

/** Asks the API; rejects where no answer comes. */
export function callApi(path: string, init: RequestInit): Promise<Response> {
  return fetch(`/api/v1${sentIds(path)}`, { credentials: 'same-origin', ...init });
}

/** Asks for what is going to be read, before there is anything to read it. */
export function askAhead(path: string): void {
  const answer = callApi(path, {});
  // Whoever reads it is told what fails.
  answer.catch(() => undefined);
  asked.set(path, answer);
}

/** The answer that was asked for ahead, once; null: it was not. */
export function answerAhead(path: string, { method = 'GET' }: RequestInit): Promise<Response> | null {
  const answer = asked.get(path);
  if (answer === undefined || method !== 'GET') return null;
  asked.delete(path);
  return answer;
}

/** What nobody read by now is old when somebody does. */
export function forgetAnswers(): void {
  asked.clear();
}
