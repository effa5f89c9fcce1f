using MatchEngine.Faces.Images;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Pages;

/// <summary>What is done to a photo before it is searched with, as a form says it.</summary>
internal static class PreparationForm
{
    /// <summary>What is to be done to the photo; null where the form says that the photo is searched with as it came.</summary>
    /// <exception cref="ProblemException">A field holds no number, or a part of the crop is missing.</exception>
    public static ImagePreparation? Preparation(this PageForm form) => form.Text("searched") == "prepared" ? Written(form) : null;

    /// <summary>Whether something is written there that is not done, because the photo is searched with as it came.</summary>
    /// <exception cref="ProblemException">As for the other.</exception>
    public static bool IsPreparedInVain(this PageForm form) =>
        form.Text("searched") != "prepared" && !Written(form).LeavesAsItIs();

    private static ImagePreparation Written(PageForm form) => new(
        Crop(form), form.Fraction("turn") ?? 0, form.Fraction("brightness") ?? 100, form.Fraction("contrast") ?? 100,
        form.Fraction("gamma") ?? 1);

    private static PhotoCrop? Crop(PageForm form)
    {
        string[] names = ["cropX", "cropY", "cropWidth", "cropHeight"];
        var given = names.Select(form.Number).ToList();
        return given switch
        {
            [{ } x, { } y, { } width, { } height] => new PhotoCrop(x, y, width, height),
            [null, null, null, null] => null,
            _ => throw new ProblemException(
                Problem.BadValue, "the part of the photo that is left has four numbers: fill in all of them, or none")
            {
                Fields = [.. names.Where((_, place) => given[place] is null)],
            },
        };
    }
}
