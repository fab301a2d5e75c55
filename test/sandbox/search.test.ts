import { describe, expect, it } from 'vitest';
import { titleSearch, wordsOf } from '../../sandbox/search.ts';
import { items } from './world.ts';

const found = (query: string): string[] =>
  titleSearch(items)(query, items.length).map(({ id }) => items.find((item) => item.id === id)!.title);

describe('the search of the site', () => {
  it('ranks the whole title, then its beginning, then words anywhere, then beginnings of words', () => {
    expect(found('third')).toEqual(['Third', 'The Third Door', 'The Third Man']);
    expect(found('the third m')).toEqual(['The Third Man']);
    expect(found('man third')).toEqual(['The Third Man']);
  });

  it('ignores case, accents and punctuation', () => {
    expect(found('AMELIE!')).toEqual(['Amélie']);
    expect(wordsOf('L’Été, à 20%')).toEqual(['l', 'ete', 'a', '20']);
  });

  it('finds nothing for nothing', () => {
    expect(found('zzz')).toEqual([]);
    expect(found(' ?! ')).toEqual([]);
  });

  it('keeps k and the exclusions', () => {
    const search = titleSearch(items);
    const all = search('film', 100);
    expect(search('film', 3)).toEqual(all.slice(0, 3));
    expect(search('film', 3, [all[0]!.id])).toEqual(all.slice(1, 4));
  });
});
