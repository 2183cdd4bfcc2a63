/**
 * The drawings of all icons, once in the page; `Icon` and `RiskGlyph` refer to them. Icons are 16 px
 * with a stroke of 1.5; glyphs of risks are filled, and their inner cuts take `--cut`, the ground
 * behind them. `r-unknown` stands for all five: the place says which risk it is.
 */
export function IconSprite() {
  return (
    <svg className="sprite" aria-hidden="true">
      <symbol id="r-public" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="6.5" />
        <path
          d="M1.5 8h13M8 1.5c2.6 2.4 2.6 10.6 0 13M8 1.5c-2.6 2.4-2.6 10.6 0 13"
          stroke="var(--cut, Canvas)"
          fill="none"
          strokeWidth="1.1"
        />
      </symbol>
      <symbol id="r-privileged" viewBox="0 0 16 16">
        <circle cx="5.25" cy="10.75" r="3.5" />
        <circle cx="4.75" cy="11.25" r="1.15" fill="var(--cut, Canvas)" />
        <path
          d="M7.4 8.6 13.5 2.5M11 5l2.1 2.1M9 7l1.5 1.5"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.9"
          strokeLinecap="round"
        />
      </symbol>
      <symbol id="r-attack" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.8" />
        <circle cx="8" cy="8" r="1.6" />
        <path d="M8 1v3M8 12v3M1 8h3M12 8h3" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />
      </symbol>
      <symbol id="r-exploit" viewBox="0 0 16 16">
        <path d="M8.4 1.25c.5 2.5-.6 3.7-1.7 5-.2-.8-.6-1.3-1.2-1.8-.1 1.5-2.25 3-2.25 5.6a4.75 4.75 0 0 0 9.5 0c0-3.6-2.7-5.5-4.35-8.8z" />
        <path
          d="M8.1 8.6c.2 1.2-1.6 1.7-1.6 3.2a1.5 1.5 0 0 0 3 0c0-1.4-.8-2-1.4-3.2z"
          fill="var(--cut, Canvas)"
        />
      </symbol>
      <symbol id="r-prod" viewBox="0 0 16 16">
        <path d="M8 1.5 14.5 5 8 8.5 1.5 5z" />
        <path
          d="M2.25 8.1 8 11.2l5.75-3.1M2.25 11.1 8 14.2l5.75-3.1"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.6"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </symbol>
      <symbol id="r-sensitive" viewBox="0 0 16 16">
        <path d="M5 7V5.25a3 3 0 0 1 6 0V7" fill="none" stroke="currentColor" strokeWidth="1.7" />
        <rect x="2.75" y="6.75" width="10.5" height="7.5" rx="1.25" />
        <path d="M8 9.5v2" stroke="var(--cut, Canvas)" strokeWidth="1.5" strokeLinecap="round" />
      </symbol>
      <symbol id="r-unknown" viewBox="0 0 16 16">
        <circle
          cx="8"
          cy="8"
          r="5"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          strokeLinecap="round"
          strokeDasharray="0 3.1416"
        />
      </symbol>
      <symbol id="i-inbox" viewBox="0 0 16 16">
        <path d="M2.75 9.25 4.5 3.5h7l1.75 5.75v3.25H2.75z" />
        <path d="M2.75 9.25h3l1 1.75h2.5l1-1.75h3" />
      </symbol>
      <symbol id="i-sources" viewBox="0 0 16 16">
        <ellipse cx="8" cy="4" rx="5" ry="2" />
        <path d="M3 4v8c0 1.1 2.24 2 5 2s5-.9 5-2V4M3 8c0 1.1 2.24 2 5 2s5-.9 5-2" />
      </symbol>
      <symbol id="i-help" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="6" />
        <path d="M6.3 6.4A1.75 1.75 0 1 1 8.7 8c-.5.25-.7.6-.7 1.1M8 11.2v.01" />
      </symbol>
      <symbol id="i-theme" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="5.5" />
        <path d="M8 2.5a5.5 5.5 0 0 1 0 11z" fill="currentColor" />
      </symbol>
      <symbol id="i-down" viewBox="0 0 16 16">
        <path d="m4.5 6.25 3.5 3.5 3.5-3.5" />
      </symbol>
      <symbol id="i-right" viewBox="0 0 16 16">
        <path d="m6.25 4.5 3.5 3.5-3.5 3.5" />
      </symbol>
      <symbol id="i-up" viewBox="0 0 16 16">
        <path d="m4.5 9.75 3.5-3.5 3.5 3.5" />
      </symbol>
      <symbol id="i-close" viewBox="0 0 16 16">
        <path d="m4.25 4.25 7.5 7.5M11.75 4.25l-7.5 7.5" />
      </symbol>
      <symbol id="i-check" viewBox="0 0 16 16">
        <path d="m3.5 8.5 3 3 6-7" />
      </symbol>
      <symbol id="i-copy" viewBox="0 0 16 16">
        <rect x="5.75" y="5.75" width="7.5" height="7.5" rx="1.5" />
        <path d="M10.25 3.75v-.25c0-.4-.35-.75-.75-.75H3.5c-.4 0-.75.35-.75.75v6c0 .4.35.75.75.75h.25" />
      </symbol>
      <symbol id="i-search" viewBox="0 0 16 16">
        <circle cx="7" cy="7" r="4.25" />
        <path d="m10.25 10.25 3.25 3.25" />
      </symbol>
      <symbol id="i-filter" viewBox="0 0 16 16">
        <path d="M2.5 4.5h11M4.5 8h7M6.5 11.5h3" />
      </symbol>
      <symbol id="i-side" viewBox="0 0 16 16">
        <rect x="2.25" y="3" width="11.5" height="10" rx="1.5" />
        <path d="M6.25 3v10" />
      </symbol>
      <symbol id="i-arrow" viewBox="0 0 16 16">
        <path d="M2.75 8h10M9.25 4.5 12.75 8l-3.5 3.5" />
      </symbol>
      <symbol id="i-undo" viewBox="0 0 16 16">
        <path d="M3 6.25h6.5a3.25 3.25 0 0 1 0 6.5H6M5.75 3.5 3 6.25 5.75 9" />
      </symbol>
      <symbol id="i-upload" viewBox="0 0 16 16">
        <path d="M8 10.5v-7M4.75 6.5 8 3.25l3.25 3.25M2.75 10.5v2.25h10.5V10.5" />
      </symbol>
      <symbol id="i-download" viewBox="0 0 16 16">
        <path d="M8 3.25v7.25M4.75 7.5 8 10.75l3.25-3.25M2.75 10.5v2.25h10.5V10.5" />
      </symbol>
      <symbol id="i-warn" viewBox="0 0 16 16">
        <path d="M8 2.75 14 13H2zM8 6.75v3M8 11.4v.01" />
      </symbol>
      <symbol id="i-link" viewBox="0 0 16 16">
        <path d="M6.75 9.25a2.5 2.5 0 0 0 3.6.1l2-2a2.55 2.55 0 0 0-3.6-3.6l-.75.75M9.25 6.75a2.5 2.5 0 0 0-3.6-.1l-2 2a2.55 2.55 0 0 0 3.6 3.6l.75-.75" />
      </symbol>
      <symbol id="i-role" viewBox="0 0 16 16">
        <circle cx="8" cy="5.25" r="2.5" />
        <path d="M3 13.25c.4-2.6 2.3-4 5-4s4.6 1.4 5 4" />
      </symbol>
      <symbol id="i-paths" viewBox="0 0 16 16">
        <circle cx="3.75" cy="12.25" r="1.75" />
        <circle cx="12.25" cy="3.75" r="1.75" />
        <path d="M5.5 12.25h4.75a2 2 0 0 0 2-2V5.5" />
      </symbol>
      <symbol id="i-choke" viewBox="0 0 16 16">
        <path d="M2.25 3.5 6.6 7M2.25 12.5 6.6 9M9.75 8h4" />
        <circle cx="8" cy="8" r="1.75" fill="currentColor" />
      </symbol>
      <symbol id="i-findings" viewBox="0 0 16 16">
        <path d="M2.75 4h10.5M2.75 8h10.5M2.75 12h6" />
      </symbol>
      <symbol id="i-resources" viewBox="0 0 16 16">
        <path d="M8 2.25 13.25 5v6L8 13.75 2.75 11V5z" />
        <path d="M2.75 5 8 7.75 13.25 5M8 7.75v6" />
      </symbol>
      <symbol id="i-signals" viewBox="0 0 16 16">
        <path d="M1.75 8.5h2.75l2-5.25 3 9.5 1.75-4.25h3" />
      </symbol>
      <symbol id="i-automation" viewBox="0 0 16 16">
        <path d="M2.25 4.5h5M11 4.5h2.75M2.25 11.5H5M8.75 11.5h5" />
        <circle cx="9.25" cy="4.5" r="1.75" />
        <circle cx="6.75" cy="11.5" r="1.75" />
      </symbol>
      <symbol id="i-overview" viewBox="0 0 16 16">
        <path d="M2.25 13.5h11.5M4.5 11V8.5M8 11V3.5M11.5 11V6" />
      </symbol>
      <symbol id="i-more" viewBox="0 0 16 16">
        <path d="M3.5 8v.01M8 8v.01M12.5 8v.01" strokeWidth="2" />
      </symbol>
      <symbol id="i-left" viewBox="0 0 16 16">
        <path d="m9.75 4.5-3.5 3.5 3.5 3.5" />
      </symbol>
      <symbol id="i-minus" viewBox="0 0 16 16">
        <path d="M4 8h8" />
      </symbol>
      <symbol id="i-plus" viewBox="0 0 16 16">
        <path d="M8 3.5v9M3.5 8h9" />
      </symbol>
      <symbol id="i-out" viewBox="0 0 16 16">
        <path d="M6.5 3.25H3.25v9.5h9.5V9.5M9 2.75h4.25V7M13 3 7.5 8.5" />
      </symbol>
      <symbol id="i-expand" viewBox="0 0 16 16">
        <path d="M9.25 2.75h4v4M6.75 13.25h-4v-4M13 3 9.25 6.75M3 13l3.75-3.75" />
      </symbol>
      <symbol id="i-scissors" viewBox="0 0 16 16">
        <circle cx="4" cy="4.25" r="1.75" />
        <circle cx="4" cy="11.75" r="1.75" />
        <path d="M5.5 5.25 13.25 11M5.5 10.75 13.25 5" />
      </symbol>
      <symbol id="i-drag" viewBox="0 0 16 16">
        <path d="M6 4v.01M10 4v.01M6 8v.01M10 8v.01M6 12v.01M10 12v.01" strokeWidth="2" />
      </symbol>
      <symbol id="i-density" viewBox="0 0 16 16">
        <path d="M2.75 3h10.5M2.75 6.33h10.5M2.75 9.67h10.5M2.75 13h10.5" />
      </symbol>
      <symbol id="i-clock" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="5.75" />
        <path d="M8 4.75V8l2.25 1.5" />
      </symbol>
      <symbol id="i-chat" viewBox="0 0 16 16">
        <path d="M2.75 3.5h10.5v7.25H7.5L4.75 13v-2.25h-2z" />
      </symbol>
      <symbol id="i-net" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="5.75" />
        <path d="M2.25 8h11.5M8 2.25c2.2 1.9 2.2 9.6 0 11.5M8 2.25c-2.2 1.9-2.2 9.6 0 11.5" />
      </symbol>
      <symbol id="i-balancer" viewBox="0 0 16 16">
        <circle cx="8" cy="3.75" r="1.5" />
        <circle cx="3.5" cy="12.25" r="1.5" />
        <circle cx="8" cy="12.25" r="1.5" />
        <circle cx="12.5" cy="12.25" r="1.5" />
        <path d="M8 5.25v5.5M8 8H3.5v2.75M8 8h4.5v2.75" />
      </symbol>
      <symbol id="i-service" viewBox="0 0 16 16">
        <path d="M8 2.25 13 5.1v5.8l-5 2.85-5-2.85V5.1z" />
        <circle cx="8" cy="8" r="1.75" />
      </symbol>
      <symbol id="i-data" viewBox="0 0 16 16">
        <ellipse cx="8" cy="4" rx="5" ry="2" />
        <path d="M3 4v8c0 1.1 2.24 2 5 2s5-.9 5-2V4M3 8c0 1.1 2.24 2 5 2s5-.9 5-2" />
      </symbol>
      <symbol id="i-bucket" viewBox="0 0 16 16">
        <path d="M2.75 4h10.5l-1.25 9H4z" />
        <path d="M3.2 7.25h9.6" />
      </symbol>
      <symbol id="i-office" viewBox="0 0 16 16">
        <rect x="3.25" y="2.75" width="9.5" height="10.5" rx="1" />
        <path d="M6 5.75v.01M10 5.75v.01M6 8.5v.01M10 8.5v.01M6.75 13.25v-2h2.5v2" />
      </symbol>
    </svg>
  );
}
