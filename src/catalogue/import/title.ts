// Titles and descriptions as sources write them, brought into the form a visitor would read on a page:
// the year out of the title, the article back in front, markup and entities out of the text.

export interface ReadTitle {
  readonly title: string;
  readonly year?: number;
}

const articles = /^(The|A|An|La|Le|Les|L'|L|El|Los|Las|Il|Lo|I|Gli|Der|Die|Das|Un|Une|Det|Den|De|O|Os|As)$/;

/** 'Matrix, The (1999)' → {title: 'The Matrix', year: 1999}; also '(Postino, Il)' inside, '(1975-1979)', '(2007-)'. */
export function readTitle(raw: string): ReadTitle {
  const text = raw.trim().replace(/\s+/g, ' ');
  const dated = /^(.*\S)\s*\((\d{4})(?:\s*[-–]\s*(?:\d{4})?)?\)$/.exec(text);
  const title = articleFirst(dated?.[1] ?? text);
  const year = Number(dated?.[2]);
  return year >= 1800 && year <= 2200
    ? { title, year }
    : { title: dated === null ? title : articleFirst(text) };
}

/** 'Matrix, The' → 'The Matrix', also within brackets; other titles as they are. */
export function articleFirst(title: string): string {
  return title
    .split(/(\([^()]*\))/)
    .map((part) => {
      const bracketed = part.startsWith('(') && part.endsWith(')');
      const inner = bracketed ? part.slice(1, -1) : part;
      const turned = turn(inner);
      return bracketed ? `(${turned})` : turned;
    })
    .join('');
}

function turn(text: string): string {
  const found = /^(.*),\s*(\S+?)(\s*)$/s.exec(text);
  const article = found?.[2] ?? '';
  if (found === null || !articles.test(article)) return text;
  const elided = article === "L'" || article === 'L';
  return `${elided ? "L'" : `${article} `}${found[1]}${found[3]}`;
}

// prettier-ignore
const entities: Readonly<Record<string, string>> = {
  amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', rdquo: '”', ldquo: '“', rsquo: '’', lsquo: '‘', ndash: '–',
  mdash: '—', hellip: '…', bull: '•', deg: '°', reg: '®', trade: '™', copy: '©', eacute: 'é', egrave: 'è', frac12: '½',
  frac14: '¼', frac34: '¾', times: '×', middot: '·', prime: '′', Prime: '″', uuml: 'ü', ouml: 'ö', auml: 'ä', ntilde: 'ñ',
};

/** Text without tags, comments, style blocks and entities, white space folded. Not a sanitiser: pages escape. */
export function plainText(html: string): string {
  return html
    .replace(/<!--.*?-->|<(style|script)\b.*?<\/\1\s*>/gis, ' ')
    .replace(/<\/?[a-z][^<>]*>/gi, ' ')
    .replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z][a-z0-9]{1,10});/gi, (whole, name: string) => {
      if (!name.startsWith('#')) return entities[name] ?? whole;
      const point = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
      return point >= 32 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff)
        ? String.fromCodePoint(point)
        : ' ';
    })
    .replace(/\s+/g, ' ')
    .trim();
}
