"""ML-KEM-768 encapsulation with given randomness, as FIPS 203 writes it, so that vectors come out the same each time.

The libraries that the program uses draw this randomness themselves. For vectors only: not constant in time.
"""

import hashlib
from collections.abc import Iterator

Q, N, K, DU, DV = 3329, 256, 3, 10, 4

Polynomial = list[int]


def encapsulate(public: bytes, randomness: bytes) -> tuple[bytes, bytes]:
    """(ciphertext, shared secret) from a valid encapsulation key and 32 bytes: FIPS 203, algorithm 17."""
    digest = hashlib.sha3_512(randomness + hashlib.sha3_256(public).digest()).digest()
    return _encrypt(public, randomness, digest[32:]), digest[:32]


def _bit_reverse(value: int) -> int:
    return int(f"{value:07b}"[::-1], 2)


ZETAS = [pow(17, _bit_reverse(i), Q) for i in range(128)]
GAMMAS = [pow(17, 2 * _bit_reverse(i) + 1, Q) for i in range(128)]


def _ntt(f: Polynomial) -> Polynomial:
    """Algorithm 9."""
    f, i, length = list(f), 1, 128
    while length >= 2:
        for start in range(0, N, 2 * length):
            zeta, i = ZETAS[i], i + 1
            for j in range(start, start + length):
                t = zeta * f[j + length] % Q
                f[j + length], f[j] = (f[j] - t) % Q, (f[j] + t) % Q
        length //= 2
    return f


def _inverse_ntt(f: Polynomial) -> Polynomial:
    """Algorithm 10."""
    f, i, length = list(f), 127, 2
    while length <= 128:
        for start in range(0, N, 2 * length):
            zeta, i = ZETAS[i], i - 1
            for j in range(start, start + length):
                t = f[j]
                f[j], f[j + length] = (t + f[j + length]) % Q, zeta * (f[j + length] - t) % Q
        length *= 2
    return [x * 3303 % Q for x in f]


def _multiply(f: Polynomial, g: Polynomial) -> Polynomial:
    """Algorithms 11 and 12, in the NTT domain."""
    h = []
    for i, gamma in enumerate(GAMMAS):
        a0, a1, b0, b1 = f[2 * i], f[2 * i + 1], g[2 * i], g[2 * i + 1]
        h += [(a0 * b0 + a1 * b1 * gamma) % Q, (a0 * b1 + a1 * b0) % Q]
    return h


def _add(*polynomials: Polynomial) -> Polynomial:
    return [sum(column) % Q for column in zip(*polynomials, strict=True)]


def _uniform(seed: bytes) -> Polynomial:
    """SampleNTT, algorithm 7."""

    def candidates() -> Iterator[int]:
        stream = hashlib.shake_128(seed).digest(3 * 1024)
        for a, b, c in zip(stream[::3], stream[1::3], stream[2::3], strict=True):
            yield a + 256 * (b % 16)
            yield b // 16 + 16 * c

    accepted = [value for value in candidates() if value < Q][:N]
    assert len(accepted) == N
    return accepted


def _noise(seed: bytes, number: int) -> Polynomial:
    """SamplePolyCBD with eta 2, algorithm 8."""
    bits = int.from_bytes(hashlib.shake_256(seed + bytes([number])).digest(128), "little")
    quads = [bits >> 4 * i & 15 for i in range(N)]
    return [((q & 1) + (q >> 1 & 1) - (q >> 2 & 1) - (q >> 3)) % Q for q in quads]


def _pack(f: Polynomial, width: int) -> bytes:
    return sum(x << width * i for i, x in enumerate(f)).to_bytes(32 * width, "little")


def _unpack(data: bytes, width: int) -> Polynomial:
    bits = int.from_bytes(data, "little")
    return [bits >> width * i & (1 << width) - 1 for i in range(N)]


def _compress(f: Polynomial, width: int) -> Polynomial:
    return [((x << width + 1) + Q) // (2 * Q) % (1 << width) for x in f]


def _encrypt(public: bytes, message: bytes, seed: bytes) -> bytes:
    """K-PKE.Encrypt, algorithm 14."""
    t = [_unpack(public[384 * i : 384 * (i + 1)], 12) for i in range(K)]
    rho = public[384 * K :]
    y = [_ntt(_noise(seed, i)) for i in range(K)]
    u = [
        _add(
            _inverse_ntt(_add(*(_multiply(_uniform(rho + bytes([i, j])), y[j]) for j in range(K)))),
            _noise(seed, K + i),
        )
        for i in range(K)
    ]
    mu = [(Q + 1) // 2 * bit for bit in _unpack(message, 1)]
    v = _add(_inverse_ntt(_add(*(_multiply(t[j], y[j]) for j in range(K)))), _noise(seed, 2 * K), mu)
    return b"".join(_pack(_compress(f, DU), DU) for f in u) + _pack(_compress(v, DV), DV)
