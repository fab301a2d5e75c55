// Agent4Rec's MovieLens-1M (Zhang et al., SIGIR 2024): train.txt, valid.txt and test.txt hold one line per
// person, the id and then the liked movies; movie_detail.csv has titles, mean ratings and one-line summaries.
// Likes only, without times: train is time 0, valid 1, test 2, so the published parts stay told apart and in
// order. Ids are renumbered, so movies.dat and users.dat beside them (MovieLens ids) are not read.

import { RehearsalError } from '../../base/error.ts';
import { csvRows, namedRows, plainRows } from './csv.ts';
import { decimal, gather } from './gather.ts';
import type { Importer } from './importer.ts';
import { findFile, lines, openWithCompanions } from './source.ts';
import { readTitle } from './title.ts';

const parts = ['train.txt', 'valid.txt', 'test.txt'];

export const agent4rec: Importer = {
  name: 'agent4rec',
  summary:
    'Agent4Rec: a folder or archive with movie_detail.csv, train.txt, valid.txt and test.txt (likes; the part becomes the time 0, 1, 2)',
  takes: [],
  read: async (path, { name }) => {
    const files = openWithCompanions(path);
    const gathering = gather('agent4rec', path);
    const [movies, ...likes] = ['movie_detail.csv', ...parts].map((wanted) => {
      const found = findFile(files, wanted);
      if (found !== undefined) return found;
      throw new RehearsalError(
        `${path} lacks ${wanted}: expected movie_detail.csv, ${parts.join(', ')} (each may end in .gz).`,
        {
          hint: 'Give the folder datasets/ml-1m of Agent4Rec.',
        },
      );
    });
    if (movies === undefined) throw new Error('the list of expected files is empty');
    gathering.rows(
      movies.label,
      namedRows(csvRows(lines(movies))),
      'columns movie_id,title,genres,rating,summary',
      (row) => {
        if (row.problem !== undefined) return row.problem;
        const [id, title, genres, shown] = ['movie_id', 'title', 'genres', 'rating'].map((column) =>
          row.cell(column),
        );
        const rating = decimal(shown);
        if (id === undefined || title === undefined || genres === undefined)
          return 'no columns movie_id, title, genres';
        if (rating === undefined) return `the rating ${JSON.stringify(shown)} is not a number`;
        return gathering.item(
          { id, ...readTitle(title), genres: genres.split('|'), rating, text: row.cell('summary')?.trim() },
          movies.label,
          row.line,
        );
      },
    );
    for (const [time, part] of likes.entries()) {
      gathering.rows(
        part.label,
        plainRows(lines(part), ' '),
        'a person and then liked movies, ids between spaces',
        ({ line, fields }) => {
          const [user, ...liked] = fields.filter((field) => field !== '');
          const wrong = [user, ...liked].find((id) => id === undefined || !/^\d{1,200}$/.test(id));
          if (user === undefined || wrong !== undefined) return `${JSON.stringify(wrong)} is not an id`;
          return liked
            .map((item) => gathering.interaction({ user, item, time, value: 5 }, part.label, line))
            .find((problem) => problem !== undefined);
        },
      );
    }
    return gathering.finish({ name, implicit: true, keepItems: 'all' });
  },
};
