import './ask-ahead.ts';
import './no-code-from-text.ts';

import '@fontsource-variable/inter/wght.css';
import '../shared/tokens.css';
import '../shared/base.css';
import '../shared/controls.css';
import './frame.css';
import '../features/filters/filters.css';
import '../features/list/list.css';
import '../features/foot/foot.css';
import '../features/panel/panel.css';
import '../features/imports/imports.css';
import '../features/help/help.css';
import '../features/export/export.css';
import '../features/palette/palette.css';
import '../features/map/map.css';
import '../features/fix/fix.css';
import '../features/explorer/explorer.css';
import '../features/resource/resource.css';
import '../features/overview/overview.css';
import '../features/automation/automation.css';
import '../pages/pages.css';
import './widths.css';
import './large-widths.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { forgetAnswers } from '../shared/answers-ahead.ts';
import { applyDensity } from '../shared/density.ts';
import { IconSprite } from '../shared/icon-sprite.tsx';
import { applyTheme, keptTheme } from '../shared/theme.ts';
import { prefetchFirst } from './prefetch-first.ts';
import { makeQueryClient } from './query-client.ts';
import { router } from './router.tsx';

const client = makeQueryClient();
prefetchFirst(client, location);
forgetAnswers();
applyTheme(keptTheme());
applyDensity();

const place = document.getElementById('app');
if (place === null) throw new Error('The page has no element with the id app.');
createRoot(place).render(
  <StrictMode>
    <IconSprite />
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
