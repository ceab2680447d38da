"""How identity's ports are met: MongoDB, memory, argon2, RSA keys in a folder."""
