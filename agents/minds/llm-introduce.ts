// The llm mind asked about itself: its age, the mood it came in, what it had planned to spend. It is asked on a page, as
// it acts on one, so that what a page does to its answers can be measured; nothing should.

import { z } from 'zod';
import { picture, text, type Message } from '../../src/llm/message.ts';
import type { StreamPart } from '../../src/base/random.ts';
import type { Screen } from '../../sandbox/screen.ts';
import type { SelfStatement } from '../agent.ts';
import type { Asking } from './llm-asking.ts';
import { prompts } from './llm-prompts.ts';
import { markLine } from './llm-question.ts';
import { fenced } from './llm-untrusted.ts';

const statementSchema = z.strictObject({
  age: z.int().min(1).max(120).nullable(),
  mood: z.int().min(1).max(5),
  minutes: z.int().min(0).max(600),
});

/** What the visitor `who` (in words) says of itself on a screen. */
export async function introduced(
  asking: Asking,
  who: string,
  screen: Screen,
  key: readonly StreamPart[],
): Promise<SelfStatement> {
  const page = screen.marks.map((mark) => markLine(mark, asking.parameters)).join('\n');
  const messages: Message[] = [
    { role: 'system', content: [text(prompts.introduce)] },
    { role: 'user', content: [text(`Who you are:\n${who}`)] },
    {
      role: 'user',
      content: [
        picture(screen.image, 'image/jpeg'),
        text(`The page in the screenshot:\n${fenced('page', page, [...key, 'introduce'])}`),
      ],
    },
  ];
  const { age, mood, minutes } = await asking.ask(
    { purpose: 'introduce', messages, schema: statementSchema },
    key,
  );
  return { age, mood, budget: minutes };
}
