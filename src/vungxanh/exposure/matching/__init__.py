"""Published keys against what a device heard. NumPy and `cryptography`; Numba and libcrypto where they are."""
