// A fetch that remembers what was answered: statuses and challenges are what the journeys judge.

export class Trace {
  exchanges = [];
  asksAgain = false;

  clear() {
    this.exchanges = [];
    this.asksAgain = false;
  }

  fetch = async (input, init) => {
    const response = await fetch(input, init);
    const exchange = {
      method: init?.method ?? 'GET',
      path: new URL(input.url ?? input).pathname,
      status: response.status,
    };
    const challenge = response.headers.get('www-authenticate');
    if (challenge) exchange.challenge = challenge;
    if (!response.ok) {
      try {
        const { error } = await response.clone().json();
        if (typeof error === 'string') exchange.error = error;
      } catch {
        // Not JSON, or no body: the status says enough.
      }
    }
    this.exchanges.push(exchange);
    return response;
  };
}
