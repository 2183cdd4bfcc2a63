/** Unpacks the packaged Chromium into TMPDIR; see browser.ts. */
import chromium from '@sparticuz/chromium';

await chromium.executablePath();
