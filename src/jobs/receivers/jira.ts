import { DeliveryFailure } from '#app/delivery-failure.ts';
import type { Instant } from '#base/instant.ts';
import { asObject, asObjects, type JsonObject } from '#base/json-value.ts';
import type { Receiver } from '#domain/delivery/receiver.ts';
import type { MadeTicket, NewTicket, TicketParagraph, Tracker } from '#domain/ports/tracker.ts';
import { askOutside, type OutsideAnswer, refusedBy } from '../ask-outside.ts';

const TICKET_TYPE = 'Task';
const SUMMARY_MAX = 250;
const DESCRIPTION_MAX = 30_000;

/**
 * Issues of a project in Jira, by its REST API 2, which Cloud and Data Center share but for the search. The mark is a
 * label; Jira learns of it some moments after it made the ticket, which is less than another attempt waits.
 */
export function jira(receiver: Receiver, token: string): Tracker {
  const root = receiver.address.replace(/\/+$/, '');
  const credential =
    receiver.account === null
      ? `Bearer ${token}`
      : `Basic ${Buffer.from(`${receiver.account}:${token}`).toString('base64')}`;
  const headers = { accept: 'application/json', authorization: credential };
  const ask = (url: URL, body: JsonObject | null): Promise<OutsideAnswer> =>
    askOutside(receiver, {
      method: body === null ? 'GET' : 'POST',
      url,
      headers,
      body: body === null ? null : JSON.stringify(body),
    });
  const ticketOf = (url: URL, answer: unknown): MadeTicket => {
    const key = asObject(answer)?.['key'];
    if (typeof key !== 'string' || !/^[A-Z][A-Z0-9_]*-\d+$/.test(key))
      throw new DeliveryFailure(`${url.host} answers no issue with a key.`);
    return { key, url: `${root}/browse/${key}` };
  };
  const issue = (key: string, rest: string) => new URL(`${root}/rest/api/2/issue/${key}${rest}`);
  const read = async (url: URL): Promise<unknown> => {
    const answer = await ask(url, null);
    if (answer.status !== 200) throw refusedBy(url, answer);
    return parsed(url, answer);
  };
  /** By the workflow of the project, which calls its steps as it likes: what they lead to is of one of three categories. */
  const move = async (key: string, toDone: boolean) => {
    const url = issue(key, '/transitions');
    const steps = asObjects(asObject(await read(url))?.['transitions']);
    const step = steps.find(({ to }) => isDone(url, to) === toDone);
    if (typeof step?.['id'] !== 'string')
      throw new DeliveryFailure(
        `The workflow of ${key} has no step from where it stands to ${toDone ? 'a closed' : 'an open'} status.`,
      );
    const answer = await ask(url, { transition: { id: step['id'] } });
    if (answer.status !== 204) throw refusedBy(url, answer);
  };
  return {
    async find(mark: string, _since: Instant): Promise<MadeTicket | null> {
      const asked = `?jql=${encodeURIComponent(`labels = "${labelOf(mark)}"`)}&fields=key&maxResults=1`;
      let url = new URL(`${root}/rest/api/2/search/jql${asked}`);
      let answer = await ask(url, null);
      // Data Center has the search of before.
      if (answer.status === 404) {
        url = new URL(`${root}/rest/api/2/search${asked}`);
        answer = await ask(url, null);
      }
      if (answer.status !== 200) throw refusedBy(url, answer);
      const found = asObject(parsed(url, answer))?.['issues'];
      if (!Array.isArray(found)) throw new DeliveryFailure(`${url.host} answers no list of issues.`);
      const [mine] = asObjects(found);
      return mine === undefined ? null : ticketOf(url, mine);
    },
    async create({ mark, title, paragraphs }: NewTicket): Promise<MadeTicket> {
      const url = new URL(`${root}/rest/api/2/issue`);
      const answer = await ask(url, {
        fields: {
          project: { key: receiver.project },
          issuetype: { name: receiver.ticketType ?? TICKET_TYPE },
          summary: title.slice(0, SUMMARY_MAX),
          description: paragraphs.map(markupOf).join('\n\n').slice(0, DESCRIPTION_MAX),
          labels: ['security-inbox', labelOf(mark)],
        },
      });
      if (answer.status !== 201) throw refusedBy(url, answer);
      return ticketOf(url, parsed(url, answer));
    },
    async isClosed(key) {
      const url = issue(key, '?fields=status');
      const status = asObject(asObject(await read(url))?.['fields'])?.['status'];
      return isDone(url, status);
    },
    async hasComment(key, mark) {
      const url = issue(key, '/comment?orderBy=-created&maxResults=50');
      const comments = asObjects(asObject(await read(url))?.['comments']);
      return comments.some(({ body }) => typeof body === 'string' && body.includes(labelOf(mark)));
    },
    async comment(key, { mark, paragraphs }) {
      const url = issue(key, '/comment');
      const answer = await ask(url, {
        body: [...paragraphs.map(markupOf), `_${labelOf(mark)}_`].join('\n\n'),
      });
      if (answer.status !== 201) throw refusedBy(url, answer);
    },
    close: (key) => move(key, true),
    reopen: (key) => move(key, false),
  };
}

function isDone(url: URL, status: unknown): boolean {
  const category = asObject(asObject(status)?.['statusCategory'])?.['key'];
  if (typeof category !== 'string')
    throw new DeliveryFailure(`${url.host} answers no status with a category.`);
  return category === 'done';
}

function labelOf(mark: string): string {
  return `security-inbox-${mark}`;
}

/** What reports say stands unformatted: nothing in it is markup, and nobody is mentioned. */
function markupOf(paragraph: TicketParagraph): string {
  if ('text' in paragraph) return paragraph.text;
  if ('link' in paragraph) return `[${paragraph.label}|${paragraph.link}]`;
  return `{noformat}\n${paragraph.said.replace(/\{noformat/gi, '{ noformat')}\n{noformat}`;
}

function parsed(url: URL, { text }: OutsideAnswer): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DeliveryFailure(`${url.host} answers no JSON: is it the root of a Jira?`, { cause });
  }
}
