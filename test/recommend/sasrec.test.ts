import { mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkpointPath } from '../../src/recommend/define-model.ts';
import { methodNamed } from '../../src/recommend/methods.ts';
import type { Recommender, TrainingSet } from '../../src/recommend/recommender.ts';
import { requestOf } from '../contracts/recommender.ts';
import { circle, onTheCircle, visit } from './circle.ts';

const quick = {
  scale: 'xs',
  epochs: 25,
  history: 12,
  dropout: 0.1,
  rate: 0.02,
  validationPeople: 0,
  patience: 60,
};
const train = (set: TrainingSet, settings: object = {}, options = {}): Promise<Recommender> =>
  methodNamed('sasrec').train(set, { ...quick, ...settings }, 1, options);

/** Seconds on a quiet machine; a training has no place in a tight limit. */
const slow = { timeout: 240_000 };

describe('sasrec', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rehearsal-sasrec-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(['softmax', 'binary'])(
    '%s loss: learns which item follows, from order alone',
    slow,
    async (loss) => {
      const recommender = await train(circle(), { loss });
      // The binary loss sets what follows against items a person never met, so nobody's last step speaks alone.
      const against = [visit('08', '07', '06'), 'place-07'] as const;
      for (const [past, next] of loss === 'binary' ? onTheCircle : [...onTheCircle, against]) {
        const exclude = past.map((entry) => entry.item).filter((item) => item !== next);
        const { items } = await recommender.recommend(requestOf({ history: past, exclude, k: 13 }));
        expect(items[0]!.id).toBe(next);
        expect(items.at(-1)!.id).toBe('untouched');
      }
    },
  );

  it('passes over a dislike', async () => {
    const recommender = await train(circle(), { epochs: 2 });
    const disliked = { item: 'place-09', time: 9, value: 1 };
    const [plain, after] = [visit('03', '04'), [...visit('03', '04'), disliked]];
    const slate = async (history: typeof plain) =>
      (await recommender.recommend(requestOf({ history }))).items;
    expect(await slate(after)).toEqual(await slate(plain));
  });

  it('answers the same alone as in company, to the bit', async () => {
    const recommender = await train(circle(), { epochs: 2 });
    const requests = Array.from({ length: 12 }, (_, at) =>
      requestOf({ history: visit(String(at).padStart(2, '0')), k: 13 }),
    );
    const together = await Promise.all(requests.map((request) => recommender.recommend(request)));
    for (const [at, request] of requests.entries()) {
      expect(await recommender.recommend(request)).toEqual(together[at]);
    }
  });

  it('is trained once: the checkpoint of this version is found again, another is refused, a cut one too', async () => {
    const first = await train(circle(), { epochs: 2 }, { keep: folder, data: 'circle' });
    const path = checkpointPath(folder, 'sasrec', first.version);
    expect(readdirSync(folder).map((name) => join(folder, name))).toEqual([path]);
    let steps = 0;
    const options = { keep: folder, progress: () => void steps++ };
    const again = await train(circle(), { epochs: 2 }, options);
    expect(steps).toBe(0);
    const request = requestOf({ history: visit('01', '02') });
    expect(await again.recommend(request)).toEqual(await first.recommend(request));
    await expect(train(circle(5), { epochs: 2 }, { checkpoint: path })).rejects.toThrowError(
      /trained as sasrec on circle.*differs in the data \(hash/,
    );
    truncateSync(path, 2000);
    await expect(train(circle(), { epochs: 2 }, { checkpoint: path })).rejects.toThrowError(
      /not a whole checkpoint/,
    );
  });
});
