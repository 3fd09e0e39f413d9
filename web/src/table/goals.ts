export type Goal = "min" | "max";

/** Which way each metric is better, where somebody said so. */
export type Goals = Readonly<Record<string, Goal>>;

const less = /loss|error|err|mse|mae|rmse|perplexity|ppl|wer|cer|fid|nll|latency|regret|divergence|distance/i;
const more = /acc|auc|f1|score|reward|precision|recall|r2|bleu|rouge|iou|map|return|throughput/i;

/** Which way a metric is better: as somebody said, else as its name says, else more. */
export function goalOf(key: string, goals: Goals): Goal {
  const said = goals[key];
  if (said) return said;
  const name = key.slice(key.lastIndexOf("/") + 1);
  if (less.test(name)) return "min";
  return more.test(name) || !less.test(key) ? "max" : "min";
}
