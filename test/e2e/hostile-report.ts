const ESCAPE = '\u001b';

/** Texts that do something in a place that takes them for more than text. */
export const HOSTILE = {
  script: '<script>alert("script")</script>',
  image: '<img src="https://evil.example/pixel.png" onerror="alert(1)">',
  link: 'javascript:alert(document.domain)',
  bidirectional: 'user\u202Etxt.exe\u2066\u2069',
  terminal: `${ESCAPE}[2J${ESCAPE}]8;;https://evil.example${ESCAPE}\\click${ESCAPE}]8;;${ESCAPE}\\`,
  quote: `"'><svg/onload=alert(2)>`,
  formula: `=HYPERLINK("https://evil.example")`,
} as const;

/** What turns the direction of a text, moves a cursor or rings a bell; a line break does not. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
export const DECEIVING = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/;

/** A report whose every free text is hostile, one finding for each text. */
export function hostileReport(): unknown {
  const texts = Object.values(HOSTILE);
  return {
    SchemaVersion: 2,
    ArtifactName: `<b onclick=alert(3)>${HOSTILE.terminal}`,
    ArtifactType: 'filesystem',
    Results: [
      {
        Target: `${HOSTILE.quote}/package-lock.json`,
        Class: 'lang-pkgs',
        Type: 'npm',
        Vulnerabilities: texts.map((text, index) => ({
          VulnerabilityID: `CVE-2026-${1000 + index}`,
          PkgName: `package-${index} ${text}`,
          InstalledVersion: `1.0.${index}${text}`,
          FixedVersion: `2.0 ${text}`,
          Title: `Hostile ${text}`,
          Description: text,
          Severity: 'CRITICAL',
          PrimaryURL: HOSTILE.link,
          References: [HOSTILE.link, `https://evil.example/${index}`],
        })),
      },
    ],
  };
}
