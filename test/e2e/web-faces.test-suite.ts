import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page, Route } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { runCommand } from '../support/run-server.ts';
import { barriers } from './barriers.ts';
import { HOSTILE, hostileReport } from './hostile-report.ts';
import { BEYOND_WINDOW, NO_MISDEEDS, type WebInbox } from './web-inbox.ts';

interface Screen {
  readonly address: string;
  /** What it says while it waits. */
  readonly waits: string;
  /** Questions to the server without which the rest of it is there all the same; absent: it asks one alone. */
  readonly parts?: RegExp;
  /** What stands in its address where it asks for them. */
  readonly asksForParts?: string;
  /** What is there once it is full. */
  readonly seen: string;
}

/** What each says where nothing is stands beside the first report. */
const SCREENS: readonly Screen[] = [
  { address: '/', waits: 'Loading the list', parts: /\/views$/, seen: '[data-testid="issue-row"]' },
  {
    address: '/issues/:path',
    waits: 'Loading the issue',
    parts: /\/(?:history|deliveries)$/,
    seen: '[data-testid="rank-sentence"]',
  },
  {
    address: '/issues/:path/map',
    waits: '',
    parts: /\/blast-radius$/,
    seen: '[data-testid="map-picture"]',
  },
  { address: '/issues/:other/map', waits: '', seen: '[data-testid="map-picture"]' },
  { address: '/paths', waits: 'Reading the attack paths', seen: '[data-testid="path"]' },
  {
    address: '/fix-first',
    waits: 'Working out the fixes',
    parts: /\/what-if$/,
    asksForParts: '?cut=any',
    seen: '[data-testid="fix"]',
  },
  { address: '/findings', waits: 'Reading the findings', seen: '[data-testid="row"]' },
  { address: '/resources', waits: 'Reading the resources', seen: '[data-testid="row"]' },
  {
    address: '/resource?id=:resource',
    waits: 'Reading the resource',
    parts: /\/(?:neighbours|who-can-reach|blast-radius)$/,
    seen: '[data-testid="risk-in_production"]',
  },
  { address: '/signals', waits: 'Reading the signals', seen: '[data-testid="row"]' },
  { address: '/advisories', waits: 'Reading the advisories', seen: '[data-testid="row"]' },
  {
    address: '/automation?type=inbox',
    waits: 'Reading the rules',
    parts: /\/rules$/,
    seen: '[aria-label="Rules"]',
  },
  { address: '/automation?as=receivers', waits: 'Reading the', seen: '.receiver-form' },
  { address: '/automation?as=file', waits: 'Reading the', seen: 'textarea' },
  {
    address: '/sources',
    waits: 'Reading the sources',
    parts: /\/(?:feeds|watches|missing)$/,
    seen: '[data-testid="source"]',
  },
  { address: '/overview', waits: 'Counting', seen: '[data-testid="funnel"]' },
];

const PATIENCE = { timeout: 10_000 };
/** Of a phone on its side, or a laptop that is enlarged four times. */
const SMALL = { width: 320, height: 256 };

/** Elements that a text of a report made, if one did. */
const MADE =
  'main :is(img, script, iframe, object, embed, [onclick], [onload], a[href^="javascript:" i], b[onclick])';

/**
 * Every screen while it waits, where it was refused, where it failed and is asked again, without one of its parts, and with
 * text that would like to be more than text: each without a barrier and as wide as the window.
 */
export function facesOfEveryScreen(
  world: () => { readonly inbox: WebInbox; readonly path: string; readonly other: string },
): void {
  let resource: string | undefined;
  async function addressOf(screen: string): Promise<string> {
    const { inbox, path, other } = world();
    if (resource === undefined) {
      const page = await inbox.open('/sign-in');
      const { items } = await (await page.request.get('/api/v1/estate?limit=1')).json();
      resource = encodeURIComponent(items[0].id);
    }
    return screen.replace(':path', path).replace(':other', other).replace(':resource', resource);
  }
  async function visit(page: Page, screen: string): Promise<void> {
    await page.evaluate(`history.pushState(null, '', ${JSON.stringify(await addressOf(screen))})`);
  }
  /** A page whose questions to the server, but for who is there, are answered so. */
  async function answered(answer: (route: Route) => Promise<void>): Promise<Page> {
    const page = await world().inbox.open('/sign-in');
    await page.route(
      ({ pathname }) => pathname.startsWith('/api/v1/') && !pathname.endsWith('/session'),
      answer,
    );
    await page.goto('/not-there');
    await page.getByRole('navigation', { name: 'Screens' }).waitFor();
    return page;
  }
  const refusal = (route: Route) =>
    route.fulfill({
      status: 403,
      contentType: 'application/problem+json',
      json: {
        type: 'about:blank',
        title: 'Not allowed',
        status: 403,
        detail: 'Somebody keeps this from you.',
        code: 'forbidden',
        requestId: 'r1',
      },
    });
  /** Nobody is kept out, and nothing makes the page longer or wider than a window that is small. */
  async function isWhole(page: Page, screen: string): Promise<void> {
    expect(await barriers(page, 'wcag'), screen).toEqual([]);
    const { width, height } = page.viewportSize() ?? SMALL;
    await page.setViewportSize(SMALL);
    expect(await page.evaluate(BEYOND_WINDOW), screen).toEqual([0, 0]);
    await page.setViewportSize({ width, height });
  }
  /** Closes the pages, of which the browser complains of nothing but this. */
  async function onlyComplaints(expected: RegExp): Promise<void> {
    const { complaints, ...others } = await world().inbox.closePages();
    expect({ ...others, complaints: complaints.filter((each) => !expected.test(each)) }).toEqual(NO_MISDEEDS);
  }

  describe('the faces of every screen', () => {
    test('a skeleton while it waits', async () => {
      const page = await answered(() => new Promise(() => undefined));
      for (const { address, waits } of SCREENS) {
        await visit(page, address);
        await page.getByRole('status', { name: waits }).first().waitFor(PATIENCE);
        await isWhole(page, address);
      }
    });

    test('what was refused and why, without a way that leads nowhere', async () => {
      const page = await answered(refusal);
      for (const { address } of SCREENS) {
        // What the screen before was refused is no answer to this one.
        await visit(page, '/not-there');
        await expect.poll(() => page.getByRole('alert').count(), PATIENCE).toBe(0);
        await visit(page, address);
        const alert = page.getByRole('alert').first();
        await alert.waitFor(PATIENCE);
        expect(await alert.innerText(), address).toContain('Somebody keeps this from you.');
        expect(await page.getByRole('button', { name: 'Try again' }).count(), address).toBe(0);
        await isWhole(page, address);
      }
      await onlyComplaints(/status of 403/);
    });

    test('what failed, and reads it again when asked', async () => {
      let isDown = true;
      const page = await answered((route) => (isDown ? route.abort() : route.continue()));
      for (const { address, seen } of SCREENS) {
        isDown = true;
        // What was read for another screen is forgotten.
        await page.goto(await addressOf(address));
        const alert = page.getByRole('alert').first();
        await alert.waitFor(PATIENCE);
        expect(await alert.innerText(), address).toContain('The server does not answer');
        await isWhole(page, address);
        isDown = false;
        const again = page.getByRole('button', { name: 'Try again' });
        await expect
          .poll(async () => {
            // What is read again for another may take it away.
            if ((await again.count()) > 0)
              await again
                .first()
                .click({ timeout: 1_000 })
                .catch(() => undefined);
            return page.getByRole('alert').count();
          }, PATIENCE)
          .toBe(0);
        await page.locator(seen).first().waitFor(PATIENCE);
      }
      await onlyComplaints(/ERR_FAILED/);
    });

    test('all but the part that could not be had, which it says', async () => {
      const page = await answered((route) => route.continue());
      for (const { address, parts, asksForParts = '', seen } of SCREENS) {
        if (parts === undefined) continue;
        await page.unrouteAll();
        await page.route(({ pathname }) => parts.test(pathname), refusal);
        await page.goto(`${await addressOf(address)}${asksForParts}`);
        await page.locator(seen).first().waitFor(PATIENCE);
        // Each of them says so, where it would be.
        const alerts = page.getByRole('alert');
        await expect.poll(() => alerts.count(), PATIENCE).toBe(parts.source.split('|').length);
        for (const words of await alerts.allInnerTexts())
          expect(words, address).toContain('Somebody keeps this from you.');
        await isWhole(page, address);
      }
      await onlyComplaints(/status of 403/);
    });

    test('what would be there, and how to get back to what is', async () => {
      const page = await world().inbox.open('/resource?id=nothing-of-that-name');
      await page.getByRole('heading', { name: 'No such resource is known' }).waitFor(PATIENCE);
      await isWhole(page, 'a resource that is not known');
      for (const address of ['/issues/nothing', '/issues/nothing/map']) {
        await visit(page, address);
        await page.getByRole('alert').getByText('nothing').waitFor(PATIENCE);
        await isWhole(page, address);
      }
      await visit(page, '/not-there');
      await page.getByRole('heading', { level: 1 }).waitFor(PATIENCE);
      await isWhole(page, 'no screen');
      await visit(page, '/resources?q=nothing-of-that-name');
      await page.getByRole('button', { name: 'Clear the conditions' }).click();
      await page.getByTestId('row').first().waitFor(PATIENCE);
      await onlyComplaints(/status of 404/);
    });

    test('text of reports and of people as text', async () => {
      const { inbox } = world();
      const report = join(inbox.folder, 'hostile.json');
      const signals = join(inbox.folder, 'hostile.jsonl');
      await writeFile(report, JSON.stringify(hostileReport()));
      await writeFile(
        signals,
        JSON.stringify({
          output: `hostile ${HOSTILE.image} ${'long'.repeat(2_500)}`,
          time: new Date(0).toISOString(),
          rule: `hostile ${Object.values(HOSTILE).join(' ')}`,
          priority: 'Critical',
          source: HOSTILE.script,
          output_fields: { 'k8s.ns.name': HOSTILE.quote, 'k8s.pod.name': HOSTILE.bidirectional },
        }),
      );
      await runCommand([
        'import',
        report,
        signals,
        '--separate',
        '--source',
        HOSTILE.image,
        '--data',
        inbox.data,
      ]);
      const [hostile] = await inbox.list('--all', '--query', 'hostile');
      const page = await inbox.open('/findings?q=hostile');
      await page.getByTestId('row').first().waitFor(PATIENCE);
      const { items } = await (await page.request.get('/api/v1/findings?query=hostile')).json();
      const name = HOSTILE.image.slice(0, 60);
      const said = { 'content-type': 'application/json', origin: inbox.server.url };
      const views = await page.request.post('/api/v1/views', {
        headers: said,
        data: { name, search: { q: HOSTILE.script } },
      });
      const watches = await page.request.post('/api/v1/watches', {
        headers: said,
        data: { location: `/srv/${HOSTILE.image}${'long'.repeat(400)}`, everyMinutes: 60 },
      });
      const rules = await page.request.post('/api/v1/rules/automation', {
        headers: said,
        data: {
          what: 'put',
          position: null,
          rule: {
            id: 'hostile',
            name: HOSTILE.image,
            enabled: true,
            findingTypes: ['secret'],
            query: `"${HOSTILE.script.replaceAll('"', '')}"`,
            action: { type: 'mute', reason: 'other', until: null, description: HOSTILE.quote },
          },
        },
      });
      expect([views.status(), watches.status(), rules.status()]).toEqual([200, 200, 200]);
      for (const [address, seen] of [
        ['/findings?q=hostile', '[data-testid="row"]'],
        ['/?all=true&by=fix&q=hostile', '[data-testid="group-head"]'],
        [`/?all=true&q=hostile&issue=${hostile?.id}`, '[data-testid="rank-sentence"]'],
        [`/issues/${hostile?.id}`, '[data-testid="upgrade"]'],
        [`/issues/${hostile?.id}/map`, '[data-testid="map-picture"]'],
        [`/resource?id=${encodeURIComponent(items[0].resource.id)}`, '[data-testid="resource"] dl'],
        ['/resources?q=evil', '[data-testid="resources"]'],
        ['/advisories?q=hostile', '[data-testid="row"]'],
        ['/signals', '[data-testid="row"]'],
        ['/automation?type=mute&rule=hostile', '[data-testid="rule-editor"]'],
        ['/automation?as=file', 'textarea'],
        ['/sources', '[data-testid="watch"]'],
        ['/paths', '[data-testid="path"]'],
        ['/overview', '[data-testid="funnel"]'],
      ] as const) {
        await visit(page, address);
        await page.locator(seen).first().waitFor(PATIENCE);
        expect(await page.locator(MADE).count(), address).toBe(0);
        await isWhole(page, address);
      }
      // What people named so is gone again.
      const [watched] = (await watches.json()).items;
      for (const [path, data] of [
        ['views/remove', { name }],
        ['watches/remove', { id: watched.id }],
        ['rules/automation', { what: 'remove', id: 'hostile' }],
      ] as const)
        await page.request.post(`/api/v1/${path}`, { headers: said, data });
    }, 120_000);
  });
}
