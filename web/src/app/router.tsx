import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from '@tanstack/react-router';
import { InboxPage } from '../pages/inbox-page.tsx';
import { NotFoundPage } from '../pages/not-found-page.tsx';
import { addressSearchText, parseAddressSearch } from '../shared/address-text.ts';
import { readExplorerSearch } from '../shared/explorer-address.ts';
import { readMapSearch, readPlanSearch } from '../shared/gates-address.ts';
import { readInboxSearch } from '../shared/inbox-address.ts';
import { ProblemFace } from '../shared/problem-face.tsx';
import { RootLayout } from './root-layout.tsx';
import { useSession } from './session-context.ts';

const root = createRootRoute({ component: Outlet });

const frame = createRoute({ getParentRoute: () => root, id: 'frame', component: RootLayout });

const inbox = createRoute({
  getParentRoute: () => frame,
  path: '/',
  validateSearch: readInboxSearch,
  component: function Inbox() {
    return <InboxPage session={useSession()} />;
  },
});

// What follows is fetched when somebody goes there.
const issue = createRoute({
  getParentRoute: () => frame,
  path: '/issues/$id',
  component: lazyRouteComponent(async () => {
    const { IssuePage } = await import('../pages/issue-page.tsx');
    return { Issue: () => <IssuePage session={useSession()} /> };
  }, 'Issue'),
});

const sources = createRoute({
  getParentRoute: () => frame,
  path: '/sources',
  component: lazyRouteComponent(() => import('../pages/sources-page.tsx'), 'SourcesPage'),
});

const map = createRoute({
  getParentRoute: () => frame,
  path: '/issues/$id/map',
  validateSearch: readMapSearch,
  component: lazyRouteComponent(() => import('../pages/map-page.tsx'), 'MapPage'),
});

const paths = createRoute({
  getParentRoute: () => frame,
  path: '/paths',
  component: lazyRouteComponent(() => import('../pages/paths-page.tsx'), 'PathsPage'),
});

const fixFirst = createRoute({
  getParentRoute: () => frame,
  path: '/fix-first',
  validateSearch: readPlanSearch,
  component: lazyRouteComponent(() => import('../pages/fix-first-page.tsx'), 'FixFirstPage'),
});

const findings = createRoute({
  getParentRoute: () => frame,
  path: '/findings',
  validateSearch: readExplorerSearch(['q', 'severity', 'type', 'resource']),
  component: lazyRouteComponent(() => import('../pages/findings-page.tsx'), 'FindingsPage'),
});

const resources = createRoute({
  getParentRoute: () => frame,
  path: '/resources',
  validateSearch: readExplorerSearch(['q', 'type', 'risk', 'owner', 'gone']),
  component: lazyRouteComponent(() => import('../pages/resources-page.tsx'), 'ResourcesPage'),
});

const resource = createRoute({
  getParentRoute: () => frame,
  path: '/resource',
  validateSearch: readExplorerSearch(['id']),
  component: lazyRouteComponent(() => import('../pages/resource-page.tsx'), 'ResourcePage'),
});

const signals = createRoute({
  getParentRoute: () => frame,
  path: '/signals',
  validateSearch: readExplorerSearch(['q', 'attack', 'resource']),
  component: lazyRouteComponent(() => import('../pages/signals-page.tsx'), 'SignalsPage'),
});

const advisories = createRoute({
  getParentRoute: () => frame,
  path: '/advisories',
  validateSearch: readExplorerSearch(['q', 'severity', 'exploited']),
  component: lazyRouteComponent(() => import('../pages/advisories-page.tsx'), 'AdvisoriesPage'),
});

const automation = createRoute({
  getParentRoute: () => frame,
  path: '/automation',
  validateSearch: readExplorerSearch(['type', 'rule', 'as']),
  component: lazyRouteComponent(() => import('../pages/automation-page.tsx'), 'AutomationPage'),
});

const overview = createRoute({
  getParentRoute: () => frame,
  path: '/overview',
  validateSearch: readExplorerSearch(['weeks']),
  component: lazyRouteComponent(() => import('../pages/overview-page.tsx'), 'OverviewPage'),
});

// What no other address takes, with the frame around it.
const nowhere = createRoute({ getParentRoute: () => frame, path: '$', component: NotFoundPage });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('../pages/sign-in-page.tsx'), 'SignInPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    frame.addChildren([
      inbox,
      issue,
      map,
      paths,
      fixFirst,
      findings,
      resources,
      resource,
      signals,
      advisories,
      automation,
      sources,
      overview,
      nowhere,
    ]),
    signIn,
  ]),
  parseSearch: parseAddressSearch,
  stringifySearch: addressSearchText,
  defaultNotFoundComponent: NotFoundPage,
  defaultErrorComponent: ({ error }) => (
    <main id="main" className="alone">
      <ProblemFace error={error} retry={() => location.reload()} />
    </main>
  ),
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
