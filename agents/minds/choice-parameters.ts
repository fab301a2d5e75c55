// Every number of the choice mind in one place: name, unit, default and where it comes from. "Fitted" means
// by simulated moments on the development half of ml-latest-small's people; docs/journal.md has the record.
// The schema is the door for fitted sets; unknown names are refused.

import { z } from 'zod';

const number = z.number();

export const choiceParametersSchema = z
  .object({
    // Looking
    /** Cards examined on one screen at most (attention span). */
    attention: z.int().min(1).default(12),
    /** γ: chance of examining one more card, rested; falls by `lookingFatigue` when exhausted. */
    goOn: number.default(0.965),
    lookingFatigue: number.default(0.06),
    /** How many places a card one standard deviation more salient moves up the queue. */
    queueJump: number.default(0.8),
    // Wanting, in standard deviations of taste over what is widely known
    taste: number.default(1.2),
    /** Liked titles that speak for a card; 20 beat 5 on the likeness bench. */
    nearest: z.int().min(1).default(20),
    /** Weight of the nearest disliked titles against the liked ones. */
    dislike: number.default(0.1),
    /** Trust in a title known only by its genres. */
    genreTrust: number.default(0.3),
    /** What a title one never heard of lacks: most of them are not for anybody. */
    unheard: number.default(1.5),
    /** Per standard deviation of the visitor's own ratings. */
    quality: number.default(0.12),
    /** Per standard deviation of ln votes over what the visitor usually sees. */
    popularity: number.default(0.3),
    /** What not knowing the rating costs: people shun the unknown. */
    unrated: number.default(0.35),
    /** Cost of an item seen or opened before. */
    familiar: number.default(3),
    satiation: number.default(0.25),
    satiationHalfLifeHours: number.default(6),
    look: number.default(0.5),
    /** Scale of the Gumbel noise: the visitor's temperature. */
    temperature: number.default(0.5),
    /** Share of the first impression's noise that survives reading the item page. */
    reconsidered: number.default(0.2),
    // Doing
    /** What the best card of an unseen page is expected to be worth, and how many pages that belief weighs. */
    expectedBest: number.default(2.8),
    expectedWeight: number.default(8),
    turnCost: number.default(0.7),
    searchValue: number.default(0.4),
    /** What time elsewhere is worth, and how much an exhausted visitor longs for it. */
    outside: number.default(0.8),
    outsideFatigue: number.default(1.4),
    /** How much readier to open (eagerness) and slower to leave (patience) the most active person is than the least. */
    eagerness: number.default(1.8),
    patience: number.default(0.6),
    /** Watch with probability σ((U − watchFrom − watchFatigue · tiredness)/watchTemperature). */
    watchFrom: number.default(2),
    watchTemperature: number.default(0.45),
    watchFatigue: number.default(0.4),
    /** Keep for later what is nearly wanted: at most this often, by the same curve from `listFrom`. */
    list: number.default(0.4),
    listFrom: number.default(1.5),
    /** How often what was watched is rated, and what was only opened: one knows it from elsewhere, or judges by its page. */
    rate: number.default(0.75),
    opine: number.default(0.3),
    /**
     * Weights of taste, of shown quality and of chance in what an item was worth; mean and spread of that among the
     * items rated under popularity and mf (two seeds of ml-latest-small): there a visitor rates as its history does.
     */
    ratingTaste: number.default(0.3),
    ratingQuality: number.default(0.45),
    ratingNoise: number.default(0.8),
    ratingCentre: number.default(0.77),
    ratingSpread: number.default(0.83),
    /** Utility of a middling card: interest 3 of 5; and how far from it interest saturates. */
    interestCentre: number.default(2.1),
    interestSpread: number.default(1.2),
    /** Watches after which leaving counts as satisfied. */
    enough: z.int().default(2),
    // Tiring: budget by rank of activity, costs by class (A/B Agent names the classes, not the values)
    budgetLow: number.default(7),
    budgetHigh: number.default(30),
    browseCost: number.default(1),
    openCost: number.default(1),
    commitCost: number.default(0.5),
    dullest: number.default(1.5),
    keenest: number.default(0.6),
  })
  .strict();

export type ChoiceParameters = z.infer<typeof choiceParametersSchema>;

export const choiceParameters: ChoiceParameters = choiceParametersSchema.parse({});
