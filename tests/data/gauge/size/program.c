static int table[256] = {1, 2, 3};

int main(int count, char **words)
{
    return table[count & 255] + words[0][0];
}
