"""What Withheld costs and what it gives, beside rivals; `make bench` runs all of it. See README.md."""
