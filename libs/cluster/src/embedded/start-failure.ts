import type { Component } from './cluster-record.ts';

/** A component of the control plane ended, or kwokctl did, or it took too long. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
  /** Undefined when it is not known which one is to blame. */
  readonly component: Component | undefined;

  constructor(message: string, component?: Component, options?: ErrorOptions) {
    super(message, options);
    this.component = component;
  }
}
