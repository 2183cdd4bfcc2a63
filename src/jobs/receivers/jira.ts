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
  };
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
