export interface Forecast {
  readonly message: string;
  readonly remedy: string;
  readonly loses: string;
}
