/** What `millrace cat` was told, by kcat's letters. */
export interface CatValues {
  readonly C?: true | undefined;
  readonly P?: true | undefined;
  readonly L?: true | undefined;
  readonly Q?: true | undefined;
  readonly G?: string | undefined;
  readonly b?: string | undefined;
  readonly t?: readonly string[] | undefined;
  readonly p?: string | undefined;
  readonly o?: readonly string[] | undefined;
  readonly e?: true | undefined;
  readonly c?: number | undefined;
  readonly f?: string | undefined;
  readonly J?: true | undefined;
  readonly s?: readonly string[] | undefined;
  readonly D: string;
  readonly K?: string | undefined;
  readonly k?: string | undefined;
  readonly H?: readonly string[] | undefined;
  readonly z?: string | undefined;
  readonly Z?: true | undefined;
  readonly l?: true | undefined;
  readonly T?: true | undefined;
  readonly X?: readonly string[] | undefined;
  readonly F?: string | undefined;
  readonly m?: number | undefined;
  readonly u?: true | undefined;
  readonly q?: true | undefined;
}
