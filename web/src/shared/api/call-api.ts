import type { z } from 'zod';
import { problemSchema } from '../../../../src/contract/problem.ts';
import { answerAhead, callApi } from '../answers-ahead.ts';
import { ApiProblem, readProblem, serverUnreachable, unknownShape } from '../api-problem.ts';
import { idText } from '../id-text.ts';
import { shownText } from '../shown-text.ts';

export async function request(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await (answerAhead(path, init) ?? callApi(path, init));
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new ApiProblem(serverUnreachable, { cause });
  }
  if (!response.ok) throw new ApiProblem(await readProblem(response));
  return response;
}

export async function readAs<T>(schema: z.ZodType<T>, path: string, init: RequestInit): Promise<T> {
  const response = await request(path, init);
  const body = parsed(await response.text());
  // A refusal that came after the status was sent.
  const problem = problemSchema.safeParse(body);
  if (problem.success) throw new ApiProblem(problem.data);
  const answer = schema.safeParse(body);
  if (!answer.success) throw new ApiProblem(unknownShape(path), { cause: answer.error });
  return answer.data;
}

/** JSON with every text made safe to look at; undefined where it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text, (name, value) =>
      typeof value === 'string' ? (name === 'id' ? idText(value) : shownText(value)) : value,
    );
  } catch {
    return undefined;
  }
}

export function post(body: unknown): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

/** The same, for what may take longer than an answer may be silent. */
export function postSlowly(body: unknown): RequestInit {
  const init = post(body);
  return { ...init, headers: { ...init.headers, prefer: 'progress' } };
}
