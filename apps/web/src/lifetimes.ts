/** For how long messages may live, as it is offered: from half a minute to four weeks. In seconds. */
export const lifetimes: readonly number[] = [30, 300, 3_600, 86_400, 604_800, 2_419_200]
