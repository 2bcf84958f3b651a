using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Grid.Storage.Registry.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Prices : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "CarbonIntensities",
                columns: table => new
                {
                    Hour = table.Column<long>(type: "bigint", nullable: false),
                    Kind = table.Column<short>(type: "smallint", nullable: false),
                    GramsPerKwh = table.Column<double>(type: "double precision", nullable: false),
                    Revision = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CarbonIntensities", x => x.Hour);
                });

            migrationBuilder.CreateTable(
                name: "Contracts",
                columns: table => new
                {
                    Household = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    Tariff = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    OffPeak = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Contracts", x => new { x.Household, x.From });
                    table.ForeignKey(
                        name: "FK_Contracts_Households_Household",
                        column: x => x.Household,
                        principalTable: "Households",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "TariffPrices",
                columns: table => new
                {
                    Tariff = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    Period = table.Column<int>(type: "integer", nullable: false),
                    EurPerKwh = table.Column<decimal>(type: "numeric", nullable: false),
                    Option = table.Column<int>(type: "integer", nullable: false),
                    KVa = table.Column<int>(type: "integer", nullable: false),
                    SubscriptionPerMonth = table.Column<decimal>(type: "numeric", nullable: false),
                    FeedInPerKwh = table.Column<decimal>(type: "numeric", nullable: true),
                    VatRate = table.Column<decimal>(type: "numeric", nullable: false),
                    SubscriptionVatRate = table.Column<decimal>(type: "numeric", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TariffPrices", x => new { x.Tariff, x.From, x.Period });
                });

            migrationBuilder.CreateTable(
                name: "TempoDays",
                columns: table => new
                {
                    Day = table.Column<DateOnly>(type: "date", nullable: false),
                    Colour = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TempoDays", x => x.Day);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "CarbonIntensities");

            migrationBuilder.DropTable(
                name: "Contracts");

            migrationBuilder.DropTable(
                name: "TariffPrices");

            migrationBuilder.DropTable(
                name: "TempoDays");
        }
    }
}
