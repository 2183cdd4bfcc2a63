import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const AHEAD = '/src/app/ask-ahead.ts';

/** The script that asks ahead stands before all others and waits for none of them. */
const askAhead: Plugin = {
  name: 'ask-ahead',
  transformIndexHtml: {
    order: 'post',
    handler(_, { bundle }) {
      const chunk = Object.values(bundle ?? {}).find(
        (each) => each.type === 'chunk' && each.facadeModuleId?.endsWith(AHEAD),
      );
      if (chunk === undefined) return;
      const attrs = { type: 'module', async: true, crossorigin: true, src: `/${chunk.fileName}` };
      return [{ tag: 'script', attrs, injectTo: 'head-prepend' }];
    },
  },
};

export default defineConfig({
  plugins: [react(), askAhead],
  // The page asks for its parts by absolute path, so that a deep address loads them too.
  base: '/',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // The content security policy allows fonts and styles from the server only, not as data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 500,
    // What changes with its version only is a file of its own, which a browser keeps over updates.
    rolldownOptions: {
      input: { index: 'index.html', 'ask-ahead': `.${AHEAD}` },
      // A schema that no page reads is not made.
      treeshake: { manualPureFunctions: ['z'] },
      output: {
        codeSplitting: {
          groups: [
            {
              name: 'ask-ahead',
              test: /ask-ahead|answers-ahead|first-paths|inbox-parameters|address-text|id-text|shown-text/,
            },
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler|@tanstack)\// },
            // What forbids schemas to make code from text runs before any of them, whichever part of the page is first.
            { name: 'schemas', test: /node_modules\/zod\/|no-code-from-text/ },
            // What every screen needs, and the shapes of the first.
            {
              name: 'first',
              test: /contract\/(comma-list|count|detected-risk|finding-type|inbox-page|issue|problem|severity)\.ts|shared\/(api-problem|api\/(call|inbox)-api|icon|problem-face)\.tsx?$/,
            },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:7070' } },
});
