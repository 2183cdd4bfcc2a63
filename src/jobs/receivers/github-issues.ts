import { DeliveryFailure } from '#app/delivery-failure.ts';
import { HOUR_MS, type Instant } from '#base/instant.ts';
import { asObject, asObjects } from '#base/json-value.ts';
import type { Receiver } from '#domain/delivery/receiver.ts';
import type { MadeTicket, NewTicket, TicketParagraph, Tracker } from '#domain/ports/tracker.ts';
import { askOutside, type OutsideAnswer, type OutsideQuestion, refusedBy } from '../ask-outside.ts';

const PER_PAGE = 100;
/** 2,000 issues that were made since; in a busier repository it is not told whether one is there. */
const PAGES_MAX = 20;
/** Two clocks are never further apart than this, or the search goes a page further than it has to. */
const SKEW_MS = HOUR_MS;
const BODY_MAX = 60_000;

/**
 * Issues of a repository at GitHub, by its REST API of 2022-11-28. What is searched for is looked up in the list of the
 * newest and not in the search, which learns of an issue only after a while.
 */
export function githubIssues(receiver: Receiver, token: string): Tracker {
  const issues = `${receiver.address.replace(/\/+$/, '')}/repos/${receiver.project}/issues`;
  const headers = {
    accept: 'application/vnd.github+json',
    authorization: `Bearer ${token}`,
    'x-github-api-version': '2022-11-28',
  };
  const ask = async (
    method: OutsideQuestion['method'],
    url: URL,
    body: string | null,
  ): Promise<OutsideAnswer> => {
    const answer = await askOutside(receiver, { method, url, headers, body });
    if (answer.status !== (method === 'POST' ? 201 : 200)) throw refusedBy(url, answer);
    return answer;
  };
  const issue = (key: string, rest = '') => new URL(`${issues}/${key.replace(/^#/, '')}${rest}`);
  const put = async (key: string, state: object) => {
    await ask('PATCH', issue(key), JSON.stringify(state));
  };
  return {
    async find(mark: string, since: Instant): Promise<MadeTicket | null> {
      for (let page = 1; page <= PAGES_MAX; page++) {
        const url = new URL(
          `${issues}?state=all&sort=created&direction=desc&per_page=${PER_PAGE}&page=${page}`,
        );
        const listed = asObjects(parsed(url, await ask('GET', url, null)));
        const mine = listed.find(({ body }) => typeof body === 'string' && body.includes(marker(mark)));
        if (mine !== undefined) return madeOf(url, mine);
        const last = Date.parse(String(listed.at(-1)?.['created_at']));
        if (listed.length < PER_PAGE || last < since - SKEW_MS) return null;
      }
      throw new DeliveryFailure(
        `${receiver.project} has more than ${PER_PAGE * PAGES_MAX} new issues: whether the ticket is among them cannot be told.`,
      );
    },
    async create({ mark, title, paragraphs }: NewTicket): Promise<MadeTicket> {
      const url = new URL(issues);
      const text = paragraphs.map(markdownOf).join('\n\n').slice(0, BODY_MAX);
      const body = JSON.stringify({ title, body: `${text}\n\n${marker(mark)}` });
      return madeOf(url, parsed(url, await ask('POST', url, body)));
    },
    async isClosed(key) {
      const url = issue(key);
      const { state } = asObject(parsed(url, await ask('GET', url, null))) ?? {};
      if (state !== 'open' && state !== 'closed')
        throw new DeliveryFailure(`${url.host} answers no issue with a state.`);
      return state === 'closed';
    },
    async hasComment(key, mark) {
      const url = issue(key, `/comments?sort=created&direction=desc&per_page=${PER_PAGE}`);
      const comments = asObjects(parsed(url, await ask('GET', url, null)));
      return comments.some(({ body }) => typeof body === 'string' && body.includes(marker(mark)));
    },
    async comment(key, { mark, paragraphs }) {
      const text = paragraphs.map(markdownOf).join('\n\n');
      await ask('POST', issue(key, '/comments'), JSON.stringify({ body: `${text}\n\n${marker(mark)}` }));
    },
    close: (key) => put(key, { state: 'closed', state_reason: 'completed' }),
    reopen: (key) => put(key, { state: 'open' }),
  };
}

function marker(mark: string): string {
  return `<!-- security-inbox:${mark} -->`;
}

/** What reports say stands in a block of code, in which nothing is markup and nobody is mentioned. */
function markdownOf(paragraph: TicketParagraph): string {
  if ('text' in paragraph) return paragraph.text.replaceAll('\n', '  \n');
  if ('link' in paragraph) return `[${paragraph.label}](${paragraph.link})`;
  const longest = Math.max(2, ...[...paragraph.said.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${paragraph.said}\n${fence}`;
}

function parsed(url: URL, { text }: OutsideAnswer): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DeliveryFailure(`${url.host} answers no JSON: is it the root of an API?`, { cause });
  }
}

function madeOf(url: URL, answer: unknown): MadeTicket {
  const { number, html_url: page } = asObject(answer) ?? {};
  if (typeof number !== 'number' || typeof page !== 'string' || !/^https?:\/\//.test(page))
    throw new DeliveryFailure(`${url.host} answers no issue with number and html_url.`);
  return { key: `#${number}`, url: page };
}
