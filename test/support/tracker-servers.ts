import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** A ticket as a tracker keeps it. */
interface KeptTicket {
  readonly number: number;
  readonly title: string;
  readonly text: string;
  readonly labels: readonly string[];
  readonly createdAt: string;
  isClosed?: boolean;
  readonly comments?: string[];
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A tracker or a webhook on this machine, over real HTTP. */
export interface OutsideServer {
  readonly address: string;
  readonly tickets: KeptTicket[];
  readonly asked: Asked[];
  /** What the next requests that make something are answered in the place of it; `lost`: it is made, and the answer is lost. */
  readonly troubles: (
    | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
    | 'lost'
  )[];
  close(): Promise<void>;
}

type Speak = (
  asked: Asked,
  server: OutsideServer,
  now: () => number,
) => { readonly status: number; readonly body: unknown };

async function serve(speak: Speak, now: () => number): Promise<OutsideServer> {
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const outside: OutsideServer = {
    address: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    tickets: [],
    asked: [],
    troubles: [],
    close: () => closed(server),
  };
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const part of request) body += String(part);
    const asked = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
    outside.asked.push(asked);
    const trouble = asked.method === 'GET' ? undefined : outside.troubles.shift();
    if (trouble !== undefined && trouble !== 'lost') {
      response.writeHead(trouble.status, trouble.headers).end('{"message":"no"}');
      return;
    }
    const said = speak(asked, outside, now);
    if (trouble === 'lost') response.destroy();
    else
      response
        .writeHead(said.status, { 'content-type': 'application/json' })
        .end(said.status === 204 ? undefined : JSON.stringify(said.body));
  }
  return outside;
}

function closed(server: Server): Promise<void> {
  return new Promise((done) => server.close(() => done()));
}

const ISSUES = /^\/repos\/acme\/shop\/issues(?:\?|$)/;
const ONE_ISSUE = /^\/repos\/acme\/shop\/issues\/(\d+)(\/comments)?(?:\?|$)/;

/** Speaks the REST of GitHub Issues: lists by time of making, pages, and makes; without a good token neither. */
export function githubServer(now: () => number): Promise<OutsideServer> {
  return serve(({ method, path, headers, body }, server, clock) => {
    if (headers.authorization !== 'Bearer good-token')
      return { status: 401, body: { message: 'Bad credentials' } };
    const shown = ({ number, title, text, createdAt, isClosed = false }: KeptTicket) => ({
      number,
      title,
      body: text,
      state: isClosed ? 'closed' : 'open',
      created_at: createdAt,
      html_url: `https://github.example/acme/shop/issues/${number}`,
    });
    const [, number, isOfComments] = ONE_ISSUE.exec(path) ?? [];
    const one = server.tickets.find((ticket) => String(ticket.number) === number);
    if (one !== undefined && isOfComments !== undefined) {
      if (method === 'GET') return { status: 200, body: one.comments?.map((text) => ({ body: text })) };
      one.comments?.push((JSON.parse(body) as { body: string }).body);
      return { status: 201, body: {} };
    }
    if (one !== undefined) {
      if (method === 'PATCH') one.isClosed = (JSON.parse(body) as { state: string }).state === 'closed';
      return { status: 200, body: shown(one) };
    }
    if (!ISSUES.test(path)) return { status: 404, body: { message: 'Not Found' } };
    if (method === 'POST') {
      const { title, body: text } = JSON.parse(body) as { title: string; body: string };
      const ticket = keep(server, { title, text, labels: [] }, clock());
      return { status: 201, body: shown(ticket) };
    }
    const query = new URL(path, 'http://x').searchParams;
    const [page, size] = [Number(query.get('page')), Number(query.get('per_page'))];
    const newest = server.tickets.toReversed().slice((page - 1) * size, page * size);
    return { status: 200, body: newest.map(shown) };
  }, now);
}

/** Speaks the REST of Jira: a search by JQL on labels, the one of Data Center where `isCloud` is false, and making. */
export function jiraServer(now: () => number, isCloud: boolean): Promise<OutsideServer> {
  const search = isCloud ? '/rest/api/2/search/jql' : '/rest/api/2/search';
  const credential = isCloud
    ? `Basic ${Buffer.from('bot@example.com:good-token').toString('base64')}`
    : 'Bearer good-token';
  return serve(({ method, path, headers, body }, server, clock) => {
    if (headers.authorization !== credential) return { status: 401, body: { errorMessages: ['no'] } };
    const url = new URL(path, 'http://x');
    if (method === 'GET' && url.pathname === search) {
      const label = /^labels = "([^"]+)"$/.exec(url.searchParams.get('jql') ?? '')?.[1] ?? '';
      const found = server.tickets.filter(({ labels }) => labels.includes(label));
      return {
        status: 200,
        body: { issues: found.map(({ number }) => ({ id: String(number), key: `SEC-${number}` })) },
      };
    }
    const [, number, rest] = /^\/rest\/api\/2\/issue\/SEC-(\d+)(\/.*)?$/.exec(url.pathname) ?? [];
    const one = server.tickets.find((ticket) => String(ticket.number) === number);
    if (one !== undefined) return speakOfTicket(one, method, rest, body);
    if (method === 'POST' && url.pathname === '/rest/api/2/issue') {
      const { fields } = JSON.parse(body) as {
        fields: {
          project: { key: string };
          issuetype: { name: string };
          summary: string;
          description: string;
          labels: string[];
        };
      };
      if (fields.project.key !== 'SEC' || fields.issuetype.name !== 'Bug')
        return { status: 400, body: { errors: { project: 'valid project is required' } } };
      const ticket = keep(
        server,
        { title: fields.summary, text: fields.description, labels: fields.labels },
        clock(),
      );
      return { status: 201, body: { id: String(ticket.number), key: `SEC-${ticket.number}` } };
    }
    return { status: 404, body: { message: 'null for uri' } };
  }, now);
}

/** One issue of Jira: its status, what leads to another one, and its comments. */
function speakOfTicket(
  ticket: KeptTicket,
  method: string,
  rest: string | undefined,
  body: string,
): ReturnType<Speak> {
  const category = (isDone: boolean) => ({ statusCategory: { key: isDone ? 'done' : 'indeterminate' } });
  if (rest === undefined)
    return { status: 200, body: { fields: { status: category(ticket.isClosed === true) } } };
  if (rest === '/comment') {
    if (method === 'GET')
      return { status: 200, body: { comments: ticket.comments?.map((text) => ({ body: text })) } };
    ticket.comments?.push((JSON.parse(body) as { body: string }).body);
    return { status: 201, body: {} };
  }
  if (method === 'GET')
    return {
      status: 200,
      body: {
        transitions: [
          { id: '11', to: category(false) },
          { id: '31', to: category(true) },
        ],
      },
    };
  ticket.isClosed = (JSON.parse(body) as { transition: { id: string } }).transition.id === '31';
  return { status: 204, body: null };
}

/** Takes signed messages, and says where their work is shown. */
export function webhookServer(now: () => number): Promise<OutsideServer> {
  return serve(
    (_asked, server) => ({ status: 200, body: { url: `${server.address}/runs/${server.asked.length}` } }),
    now,
  );
}

function keep(
  server: OutsideServer,
  said: Pick<KeptTicket, 'title' | 'text' | 'labels'>,
  at: number,
): KeptTicket {
  const ticket = {
    ...said,
    number: server.tickets.length + 1,
    createdAt: new Date(at).toISOString(),
    comments: [],
  };
  server.tickets.push(ticket);
  return ticket;
}
