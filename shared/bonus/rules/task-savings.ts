/** What each task saved against its own budget, and the sum; one over budget lowers it and blocks nothing (B-30, B-31). */
export function savedByTask(tasks: readonly { readonly id: string; readonly budget: number; readonly actual: number }[]): {
  readonly byTask: readonly { readonly id: string; readonly saved: number }[];
  readonly budget: number;
  readonly actual: number;
  readonly saved: number;
} {
  let budget = 0;
  let actual = 0;
  for (const task of tasks) {
    budget += task.budget;
    actual += task.actual;
  }
  return {
    byTask: tasks.map((task) => ({ id: task.id, saved: task.budget - task.actual })),
    budget,
    actual,
    saved: budget - actual,
  };
}
