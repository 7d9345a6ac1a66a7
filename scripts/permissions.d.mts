export declare function permissionFlags(
  root: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  cache: string,
): string[]
