// A probe arm is not a recommender: it knows the held-out likes and mixes a known share of them into otherwise
// random lists. It asks whether the visitors have taste (A/B Agent, Figure 5), never which method is better.

import { digest } from '../base/hash.ts';
import { randomFrom } from '../base/random.ts';
import { ArmError, type Recommender } from '../recommend/recommender.ts';

export interface ProbeKnowledge {
  /** Held-out liked items by person. */
  readonly liked: ReadonlyMap<string, readonly string[]>;
  /** Every item the person has ever rated, so that the rest is unknown to it. */
  readonly rated: ReadonlyMap<string, ReadonlySet<string>>;
  readonly items: readonly string[];
}

/** Slates with round(likedShare · k) held-out liked items in random slots. Score 1 marks the liked ones, in the log only. */
export function probeRecommender(likedShare: number, knowledge: ProbeKnowledge): Recommender {
  const method = 'liked-share';
  const version = digest({ method, likedShare, items: knowledge.items }).slice(0, 16);
  return {
    method,
    version,
    recommend: async ({ visitor, k, exclude, seed }) => {
      const random = randomFrom('probe', visitor, seed);
      const shown = new Set(exclude);
      const wanted = Math.round(likedShare * k);
      const likes = random
        .shuffle((knowledge.liked.get(visitor) ?? []).filter((item) => !shown.has(item)))
        .slice(0, wanted);
      if (likes.length < wanted) {
        throw new ArmError(
          'short-slate',
          `The probe needs ${wanted} held-out liked items of ${visitor}, ${likes.length} are left.`,
          {
            hint: 'Raise population.minimumLiked or lower site.pages.',
          },
        );
      }
      const rated = knowledge.rated.get(visitor) ?? new Set<string>();
      const others = random
        .shuffle(knowledge.items.filter((item) => !shown.has(item) && !rated.has(item)))
        .slice(0, k - wanted);
      const items = random.shuffle([
        ...likes.map((id) => ({ id, score: 1 })),
        ...others.map((id) => ({ id, score: 0 })),
      ]);
      return { items: items.map((item) => ({ ...item, propensity: 1 })), method, version };
    },
  };
}
