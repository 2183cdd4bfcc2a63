import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
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
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// },
            // What forbids schemas to make code from text runs before any of them, whichever part of the page is first.
            { name: 'schemas', test: /node_modules\/zod\/|no-code-from-text/ },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:7070' } },
});
